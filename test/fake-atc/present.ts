// The JSON of the ATC's answers. What is not there yet is left out, as Go's `omitempty` does.
import { isAlive, newestFirst } from './order-builds.ts';
import type { Build, Job, Pipeline, Resource } from './types.ts';
import { isVisible } from './versions.ts';

/** What Go makes of a time that is not set, in the answers that do not leave it out. */
export const NO_TIME = -62135596800;

export function presentBuild(build: Build): object {
  const { pipeline, job, rerunOf } = build;
  return {
    id: build.id,
    team_name: build.team,
    name: build.name,
    status: build.status,
    api_url: `/api/v1/builds/${build.id}`,
    ...(job && { job_name: job.name }),
    ...(pipeline && presentPipelineRef(pipeline)),
    ...(build.start && { start_time: build.start }),
    ...(build.end && { end_time: build.end }),
    ...(build.reaped && { reap_time: build.reaped }),
    ...(rerunOf && { rerun_number: build.rerunNumber, rerun_of: { id: rerunOf.id, name: rerunOf.name } }),
    ...(build.createdBy && { created_by: build.createdBy }),
  };
}

export function presentJob(pipeline: Pipeline, job: Job): object {
  const next = nextBuild(job);
  const finished = newestFirst(job.builds.filter((build) => !isAlive(build)))[0];
  return {
    id: job.id,
    name: job.name,
    team_name: pipeline.team,
    ...presentPipelineRef(pipeline),
    ...(job.paused && { paused: true }),
    ...(finished && { finished_build: presentBuildSummary(finished) }),
    ...(next && { next_build: presentBuildSummary(next) }),
    ...(job.inputs.length > 0 && { inputs: job.inputs.map(presentJobInput) }),
    ...(job.outputs.length > 0 && { outputs: job.outputs }),
  };
}

/** The oldest living build; of reruns only those of the newest build that has ended. */
function nextBuild(job: Job): Build | undefined {
  const ended = job.builds.filter((build) => !isAlive(build) && build.rerunOf === null);
  const newest = ended.toSorted((a, b) => b.id - a.id)[0];
  return job.builds
    .filter((build) => isAlive(build) && (build.rerunOf === null || build.rerunOf === newest))
    .toSorted((a, b) => a.id - b.id)[0];
}

/** The shorter form in lists of jobs, where a time that is not set is a large negative number. */
function presentBuildSummary(build: Build): object {
  return {
    id: build.id,
    name: build.name,
    status: build.status,
    start_time: build.start ?? NO_TIME,
    end_time: build.end ?? NO_TIME,
    team_name: build.team,
    ...(build.pipeline && presentPipelineRef(build.pipeline)),
    ...(build.job && { job_name: build.job.name }),
  };
}

function presentJobInput(input: Job['inputs'][number]): object {
  return {
    name: input.name,
    resource: input.resource,
    ...(input.passed.length > 0 && { passed: input.passed }),
    ...(input.trigger && { trigger: true }),
  };
}

export function presentPipeline(pipeline: Pipeline): object {
  return {
    id: pipeline.id,
    name: pipeline.name,
    ...(pipeline.instanceVars && { instance_vars: pipeline.instanceVars }),
    paused: pipeline.paused,
    public: pipeline.public,
    archived: pipeline.archived,
    team_name: pipeline.team,
  };
}

export function presentResource(pipeline: Pipeline, resource: Resource): object {
  return {
    name: resource.name,
    ...presentPipelineRef(pipeline),
    team_name: pipeline.team,
    type: resource.type,
  };
}

export function presentBuildResources(build: Build): object {
  return {
    inputs: build.inputs.filter(isVisible).map((input) => ({
      name: input.name,
      version: input.saved.version,
      pipeline_id: build.pipeline?.id ?? 0,
      first_occurrence: !(build.job?.builds ?? []).some(
        (other) =>
          other.id < build.id &&
          other.inputs.some((earlier) => earlier.name === input.name && earlier.saved === input.saved),
      ),
    })),
    outputs: build.outputs.filter(isVisible).map(({ name, saved }) => ({ name, version: saved.version })),
  };
}

function presentPipelineRef(pipeline: Pipeline): object {
  return {
    pipeline_id: pipeline.id,
    pipeline_name: pipeline.name,
    ...(pipeline.instanceVars && { pipeline_instance_vars: pipeline.instanceVars }),
  };
}
