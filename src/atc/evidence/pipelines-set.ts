import { type OfPipeline, pipelineOf } from '../api/api-requests.ts';
import type { AtcReader } from '../api/atc-reader.ts';

/**
 * Whether a pipeline was set again since a time (unix seconds; null where it is not known): then its jobs may have had
 * other steps. True also where nothing tells.
 */
export type WasSetSince = (row: OfPipeline, since: number | null) => Promise<boolean>;

/** One list serves all pipelines, and none is requested before the first question. */
export function readTimesOfSetting(atc: AtcReader): WasSetSince {
  let times: Promise<ReadonlyMap<string, number | null>> | null = null;
  const read = async () => {
    const pipelines = atc.mustExist(null, await atc.api.allPipelines()) ?? [];
    return new Map(pipelines.map(({ name, setAt, ...row }) => [keyOf({ ...row, pipeline: name }), setAt]));
  };
  return async (row, since) => {
    times ??= read();
    const setAt = (await times).get(keyOf(row)) ?? null;
    return setAt === null || since === null || setAt >= since;
  };
}

function keyOf(row: OfPipeline): string {
  return JSON.stringify(pipelineOf(row));
}
