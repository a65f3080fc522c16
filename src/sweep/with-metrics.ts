import { ConcourseFailure } from '../atc/http/atc-error.ts';
import { shownUri } from '../core/repository-uri.ts';
import type { Source } from '../core/source/source.ts';
import { GitFailure } from '../git/failures/git-failure.ts';
import { metricsPushes } from '../metrics/metrics.ts';
import { pushMetrics } from '../metrics/push-metrics.ts';
import type { Report } from '../report/model.ts';
import type { RunTools } from '../runtime/run-tools.ts';

/** What a run tells its metrics as it goes: the branch once it is known, the report once it is made. */
export interface Measurement {
  branch: string | null;
  report: Report | null;
}

/** Runs something that releases locks, and pushes metrics about it where `source` names a gateway. */
export async function measured<T>(
  source: Source,
  tools: RunTools,
  run: (measurement: Measurement) => Promise<T>,
): Promise<T> {
  const measurement: Measurement = { branch: source.repository.branch, report: null };
  const started = tools.clock();
  const push = (error: unknown) =>
    source.pushGateway === null ? undefined : pushRun(source, tools, measurement, started, error);
  try {
    const result = await run(measurement);
    await push(null);
    return result;
  } catch (error) {
    await push(error);
    throw error;
  }
}

async function pushRun(
  source: Source,
  { clock, lifetime, log }: RunTools,
  { branch, report }: Measurement,
  started: number,
  error: unknown,
): Promise<void> {
  const finishedAt = clock();
  const pushes = metricsPushes({
    repository: { uri: shownUri(source.repository.uri), branch },
    asksForBranch: source.repository.branch === null,
    run: {
      succeeded: error === null,
      finishedAt,
      durationSeconds: finishedAt - started,
      failures: failuresOf(error),
    },
    report,
    namedPools: (source.pools ?? []).map(({ name }) => name).filter((name) => !/[*?[{]/.test(name)),
  });
  await pushMetrics({ url: source.pushGateway ?? '', pushes, signal: lifetime.signal, warn: log.warn });
}

function failuresOf(error: unknown): { atc: number; git: number } {
  return { atc: error instanceof ConcourseFailure ? 1 : 0, git: error instanceof GitFailure ? 1 : 0 };
}
