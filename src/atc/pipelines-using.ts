import type { Pipeline } from '../core/lint/pipeline.ts';
import { canonicalRepository, type PoolIdentity } from '../core/lint/pool-identity.ts';
import { mayBePool } from '../core/pools/pool-types.ts';
import type { PipelineConfig } from '../pipeline/read-pipeline.ts';
import type { Resource } from './api/answer-schemas.ts';
import { type PipelineRef, pipelineOf } from './api/api-requests.ts';
import type { AtcReader } from './api/atc-reader.ts';

export interface LockRepository {
  readonly uri: string;
  readonly branch: string;
}

/** The pipelines whose pools are in one lock repository, and what could not be told, in sentences. */
export interface PipelinesUsing {
  readonly pipelines: readonly Pipeline[];
  readonly unclear: readonly string[];
}

/** The same of several Concourses; `unanswered` where none of them gave an answer. */
export interface PipelinesFound extends PipelinesUsing {
  readonly unanswered: boolean;
}

/** One request for the resources of all pipelines, and one for each pipeline that may have a pool. */
export async function pipelinesUsing(atc: AtcReader, repository: LockRepository): Promise<PipelinesUsing> {
  const resources = atc.mustExist(null, await atc.api.allResources()) ?? [];
  const named = pipelinesWithPools(resources);
  const read = await Promise.all(named.map((one) => readOne(atc, one, repository)));
  return {
    pipelines: read.flatMap(({ pipelines }) => pipelines),
    unclear: read.flatMap(({ unclear }) => unclear),
  };
}

interface NamedPipeline {
  readonly ref: PipelineRef;
  /** With the instance vars, as the names of jobs are written. */
  readonly name: string;
}

function pipelinesWithPools(resources: readonly Resource[]): NamedPipeline[] {
  const found = new Map<string, NamedPipeline>();
  for (const resource of resources.filter(({ type }) => mayBePool(type))) {
    const ref = pipelineOf(resource);
    if (ref === null) continue;
    const vars = resource.instanceVars === null ? '' : `/${JSON.stringify(resource.instanceVars)}`;
    found.set(JSON.stringify(ref), { ref, name: `${ref.name}${vars}` });
  }
  const key = ({ ref, name }: NamedPipeline) => `${ref.team}/${name}`;
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function readOne(
  atc: AtcReader,
  { ref, name }: NamedPipeline,
  repository: LockRepository,
): Promise<PipelinesUsing> {
  const title = `${ref.team}/${name}`;
  const answer = await atc.api.pipelineConfig(ref);
  switch (answer.kind) {
    case 'got':
      return answer.value === null
        ? { pipelines: [], unclear: [`The configuration of pipeline ${title} has no jobs that can be read.`] }
        : ofRepository({ ref, name }, answer.value, repository);
    case 'forbidden':
      return {
        pipelines: [],
        unclear: [
          `The configuration of pipeline ${title} is not permitted to the account: give it the role viewer in team ${ref.team}.`,
        ],
      };
    // An archived pipeline has none, and one can be destroyed between two requests.
    case 'missing':
    case 'limited':
      return { pipelines: [], unclear: [] };
    case 'failing':
      return { pipelines: [], unclear: [`Concourse fails to show the configuration of pipeline ${title}.`] };
    case 'intercepted':
      return { pipelines: [], unclear: [answer.problem] };
  }
}

function ofRepository(
  { ref, name }: NamedPipeline,
  config: PipelineConfig,
  repository: LockRepository,
): PipelinesUsing {
  const title = `${ref.team}/${name}`;
  const pools = [...config.pools].filter(([, pool]) => isIn(pool, repository));
  const variable = [...config.pools].filter(([, pool]) => pool.repository === null);
  const unclear = variable.map(
    ([resource]) =>
      `Pipeline ${title} leaves the uri of its pool ${resource} to a variable, so whether it uses this repository is not known.`,
  );
  if (pools.length === 0) return { pipelines: [], unclear };
  return {
    pipelines: [{ team: ref.team, name, pools: new Map(pools), jobs: config.jobs }],
    unclear: [
      ...unclear,
      ...config.unclear.map((what) => `Pipeline ${title} ${what}, so what it does to a lock is not known.`),
    ],
  };
}

/** The pool resource wants a branch; where a variable stands for it, the repository alone counts. */
function isIn({ repository, branch }: PoolIdentity, ours: LockRepository): boolean {
  if (repository === null || repository !== canonicalRepository(ours.uri)) return false;
  return branch === null || branch === ours.branch;
}
