import type { Job, Pipeline } from '../core/lint/pipeline.ts';
import type { PoolIdentity } from '../core/lint/pool-identity.ts';
import type { Step } from '../core/lint/step.ts';
import {
  configShape,
  entriesOf,
  type JobEntry,
  jobEntry,
  listOf,
  resourceEntry,
  resourceTypeEntry,
} from './config-schema.ts';
import { poolResources } from './pool-resources.ts';
import { readList, withHooks } from './read-steps.ts';

/** A configuration without its names: neither a file nor the ATC's answer says them. */
export interface PipelineConfig extends Pick<Pipeline, 'pools' | 'jobs'> {
  /** What cannot be told, each as the end of a sentence that begins with the pipeline's name. */
  readonly unclear: readonly string[];
}

/** Keeps names, the shape of steps, and which pools the resources are; null for what is no pipeline. */
export function readPipelineConfig(value: unknown): PipelineConfig | null {
  const read = configShape.safeParse(value);
  if (!read.success) return null;
  const { resources, resource_types: types, jobs } = read.data;
  const pools = poolResources(entriesOf(resourceEntry, resources), entriesOf(resourceTypeEntry, types), jobs);
  const entries = entriesOf(jobEntry, jobs);
  const unclear = jobs.length > entries.length ? ['has jobs that are filled in from variables'] : [];
  const found = entries.map((entry) => ({ entry, ...readJob(entry, pools) }));
  return {
    pools,
    jobs: found.flatMap(({ job }) => job ?? []),
    unclear: [
      ...unclear,
      ...found.flatMap(({ entry, unreadable }) =>
        unreadable.length === 0
          ? []
          : [`has a step in job ${entry.name} that is no step of Concourse's (${unreadable[0]})`],
      ),
    ],
  };
}

/** A job with a step that cannot be read is left out: what the step does to a lock is not known. */
function readJob(
  entry: JobEntry,
  pools: ReadonlyMap<string, PoolIdentity>,
): { job: Job | null; unreadable: readonly string[] } {
  const unreadable: string[] = [];
  const reader = { pools, unreadable: (path: string) => void unreadable.push(path) };
  const body = withHooks(entry, '', reader, () => readPlan(entry.plan, reader));
  const { name, serial, serial_groups: groups } = entry;
  const serialGroups = [...(groups ?? []), ...(serial === true ? [`job ${name}`] : [])];
  return { job: unreadable.length > 0 ? null : { name, body, serialGroups }, unreadable };
}

function readPlan(plan: unknown, reader: Parameters<typeof readList>[2]): Step {
  if (listOf(plan) !== null) return { kind: 'do', steps: readList(plan, 'plan', reader), path: 'plan' };
  const [only] = readList(plan, 'plan', reader);
  return only ?? { kind: 'do', steps: [], path: 'plan' };
}
