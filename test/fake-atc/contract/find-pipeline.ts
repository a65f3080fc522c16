import type { Pipeline, Resource } from '../types.ts';

/** The pipeline that a path names; instances are not told apart. */
export function pipelineOf(pipelines: readonly Pipeline[], path: string): Pipeline | null {
  const [, team, name = ''] = /teams\/([^/]+)\/pipelines\/([^/?]+)/.exec(path) ?? [];
  return pipelines.find((each) => each.team === team && each.name === decodeURIComponent(name)) ?? null;
}

export const sourceOf = (type: string) =>
  type === 'pool'
    ? { branch: 'master', pool: 'aws', retry_delay: 1_000_000_000, uri: 'git://git.example.com/locks.git' }
    : { initial: '1' };

export function addResource(pipeline: Pipeline, name: string): Resource {
  const known = pipeline.resources.find((resource) => resource.name === name);
  return known ?? pipeline.addResource({ name, source: sourceOf('pool') });
}
