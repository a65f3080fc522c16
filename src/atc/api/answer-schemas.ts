// What we take from the ATC's answers. Everything else is dropped here, above all the `source` of job inputs.
import * as z from 'zod/mini';
import type { Build } from '../../core/build.ts';
import { readPipelineConfig } from '../../pipeline/read-pipeline.ts';

/** Go writes an empty list as `null`, or leaves it out. */
function listOf<T extends z.ZodMiniType>(item: T) {
  return z.pipe(
    z.nullish(z.array(item)),
    z.transform((list) => list ?? []),
  );
}

const text = z.nullish(z.string());
const vars = z.nullish(z.record(z.string(), z.unknown()));
const time = z.pipe(
  z.nullish(z.number()),
  // A time that is not set is left out, or Go's zero: the year 1.
  z.transform((at) => (typeof at === 'number' && at > 0 ? at : null)),
);

/** A build as the ATC describes it. A check that a person started is one, too: it runs no step, and can hold no lock. */
export interface AtcBuild extends Build {
  readonly isCheck: boolean;
}

/** An unknown status is an answer that cannot be trusted, so it does not pass. */
const buildFields = {
  id: z.int(),
  name: z.string(),
  status: z.enum(['pending', 'started', 'succeeded', 'failed', 'errored', 'aborted']),
  start_time: time,
  end_time: time,
};

export const buildAnswer = z.pipe(
  z.object({
    ...buildFields,
    team_name: z.string(),
    pipeline_name: text,
    pipeline_instance_vars: vars,
    job_name: text,
    resource_name: text,
    rerun_of: z.nullish(z.object({ id: z.int() })),
  }),
  z.transform(
    (row): AtcBuild => ({
      id: row.id,
      name: row.name,
      status: row.status,
      team: row.team_name,
      pipeline: row.pipeline_name ?? null,
      instanceVars: row.pipeline_instance_vars ?? null,
      job: row.job_name ?? null,
      startedAt: row.start_time,
      endedAt: row.end_time,
      rerunOf: row.rerun_of?.id ?? null,
      isCheck: Boolean(row.resource_name) && !row.job_name,
    }),
  ),
);
export const buildsAnswer = listOf(buildAnswer);

export type Version = { readonly [key: string]: string };
const version = z.pipe(
  z.nullish(z.record(z.string(), z.string())),
  z.transform((fields): Version => fields ?? {}),
);
const step = z.object({ name: z.string(), version });
export type StepVersion = z.infer<typeof step>;

export const buildResourcesAnswer = z.object({ inputs: listOf(step), outputs: listOf(step) });
export type BuildResources = z.infer<typeof buildResourcesAnswer>;

export const nextInputsAnswer = listOf(step);

export const planAnswer = z.object({ plan: z.unknown() });

/** Lists of jobs show a build in short. */
const shortBuild = z.object(buildFields);

const jobAnswer = z.pipe(
  z.object({
    name: z.string(),
    team_name: z.string(),
    pipeline_name: z.string(),
    pipeline_instance_vars: vars,
    paused: z.nullish(z.boolean()),
    next_build: z.nullish(shortBuild),
    inputs: listOf(z.object({ name: z.string(), resource: z.string(), passed: listOf(z.string()) })),
    outputs: listOf(z.object({ name: z.string(), resource: z.string() })),
  }),
  z.transform((row) => {
    const place = {
      team: row.team_name,
      pipeline: row.pipeline_name,
      instanceVars: row.pipeline_instance_vars ?? null,
    };
    const { name, paused, next_build: next, inputs, outputs } = row;
    return {
      ...place,
      name,
      paused: paused ?? false,
      nextBuild: next ? nextOf(next, place, name) : null,
      inputs,
      outputs,
    };
  }),
);

/** A build in short is of the job that shows it. */
function nextOf(
  row: z.infer<typeof shortBuild>,
  place: Pick<Build, 'team' | 'pipeline' | 'instanceVars'>,
  job: string,
): AtcBuild {
  const { id, name, status, start_time, end_time } = row;
  return {
    id,
    name,
    status,
    ...place,
    job,
    startedAt: start_time,
    endedAt: end_time,
    rerunOf: null,
    isCheck: false,
  };
}
export type Job = z.infer<typeof jobAnswer>;
export const jobsAnswer = listOf(jobAnswer);

const resourceAnswer = z.pipe(
  z.object({
    name: z.string(),
    type: z.string(),
    team_name: z.string(),
    pipeline_name: z.string(),
    pipeline_instance_vars: vars,
    pinned_version: z.nullish(z.record(z.string(), z.string())),
  }),
  z.transform((row) => ({
    name: row.name,
    type: row.type,
    team: row.team_name,
    pipeline: row.pipeline_name,
    instanceVars: row.pipeline_instance_vars ?? null,
    /** The version that a person, or the configuration, has pinned; null where none is. */
    pinned: row.pinned_version ?? null,
  })),
);
export type Resource = z.infer<typeof resourceAnswer>;
export const resourcesAnswer = listOf(resourceAnswer);

export const versionsAnswer = listOf(
  z.object({
    id: z.int(),
    version,
    enabled: z.pipe(
      z.nullish(z.boolean()),
      z.transform((enabled) => enabled ?? true),
    ),
  }),
);

export const pipelineAnswer = z.pipe(
  z.object({
    name: z.string(),
    team_name: z.string(),
    instance_vars: vars,
    paused: z.nullish(z.boolean()),
    archived: z.nullish(z.boolean()),
    last_updated: z.nullish(z.number()),
  }),
  z.transform((row) => ({
    name: row.name,
    team: row.team_name,
    instanceVars: row.instance_vars ?? null,
    paused: row.paused ?? false,
    archived: row.archived ?? false,
    /** When its configuration was set, in unix seconds; null where nothing tells. */
    setAt: row.last_updated ?? null,
  })),
);
export type Pipeline = z.infer<typeof pipelineAnswer>;
export const pipelinesAnswer = listOf(pipelineAnswer);

export const pipelineConfigAnswer = z.pipe(
  z.object({ config: z.unknown() }),
  z.transform(({ config }) => readPipelineConfig(config)),
);
