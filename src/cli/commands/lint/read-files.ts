import { basename } from 'node:path';
import { Failure } from '../../../core/failure.ts';
import type { Pipeline } from '../../../core/lint/pipeline.ts';
import { readPipelineConfig } from '../../../pipeline/read-pipeline.ts';
import { parseYaml, readText } from '../../settings/source-file.ts';

export interface ReadPipelines {
  readonly pipelines: readonly Pipeline[];
  /** What cannot be told of them, in sentences. */
  readonly unclear: readonly string[];
}

/** Pipelines in files, each named after its file. `-` is standard input. */
export function readPipelineFiles(paths: readonly string[]): ReadPipelines {
  const read = [...new Set(paths)].map((path) => {
    const text = readText(path, 'lint');
    return { path, config: readPipelineConfig(parseYaml(text, path)) };
  });
  if (read.every(({ config }) => config === null))
    throw new Failure(
      `${read.map(({ path }) => path).join(', ')}: expected a pipeline, got YAML without a list of jobs.`,
    );
  return {
    pipelines: read.flatMap(({ path, config }) =>
      config === null ? [] : [{ team: null, name: nameOf(path), pools: config.pools, jobs: config.jobs }],
    ),
    unclear: read.flatMap(({ path, config }) =>
      config === null
        ? [`${path} is no pipeline (it has no list of jobs), so it was left out.`]
        : config.unclear.map((what) => `${path} ${what}, so what it does to a lock is not known.`),
    ),
  };
}

function nameOf(path: string): string {
  return path === '-' ? 'stdin' : basename(path).replace(/\.ya?ml$/i, '');
}
