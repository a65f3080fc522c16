// The JSON of the ATC's answers. What is not there yet is left out, as Go's `omitempty` does.
import { finishedBuild, nextBuild, transitionBuild } from '../model/order-builds.ts';
import { knownVersion } from '../model/versions.ts';
import type { Build, Ci, Job, Pipeline, Resource } from '../types.ts';

/** What Go makes of a time that is not set, in the answers that do not leave it out. */
export const NO_TIME = -62135596800;

/** The first figure of the version: 6 has no instances, and says less about several things. */
export const majorVersion = (ci: Ci): number => Number(ci.version.split('.')[0]);

export function presentBuild(ci: Ci, build: Build): object {
  const { pipeline, job, resource, rerunOf } = build;
  const isOld = majorVersion(ci) < 7;
  return {
    id: build.id,
    team_name: build.team,
    name: build.name,
    status: build.status,
    api_url: `/api/v1/builds/${build.id}`,
    ...(job && { job_name: job.name }),
    ...(resource && { resource_name: resource.name }),
    ...(pipeline && presentPipelineRef(ci, pipeline)),
    ...(build.start && { start_time: build.start }),
    ...(build.end && { end_time: build.end }),
    ...(build.reaped && { reap_time: build.reaped }),
    ...(rerunOf && { rerun_number: build.rerunNumber, rerun_of: { id: rerunOf.id, name: rerunOf.name } }),
    ...(build.createdBy && !isOld && { created_by: build.createdBy }),
  };
}

/** One job by itself: whole builds, null where there is none. */
export function presentJob(ci: Ci, pipeline: Pipeline, job: Job): object {
  const whole = (build: Build | null) => build && presentBuild(ci, build);
  return {
    ...presentJobHead(ci, pipeline, job),
    next_build: whole(nextBuild(job)),
    finished_build: whole(finishedBuild(job)),
    ...presentSteps(ci, job),
    ...(majorVersion(ci) < 7 && { groups: null }),
  };
}

/** A job in a list: builds in short, left out where there is none; before 7.0 whole builds and null here too. */
export function presentListedJob(ci: Ci, pipeline: Pipeline, job: Job): object {
  const transition = transitionBuild(job);
  if (majorVersion(ci) < 7) {
    const whole = presentJob(ci, pipeline, job);
    return { ...whole, ...(transition && { transition_build: presentBuild(ci, transition) }) };
  }
  const [next, finished] = [nextBuild(job), finishedBuild(job)];
  return {
    ...presentJobHead(ci, pipeline, job),
    ...(finished && { finished_build: presentBuildSummary(ci, finished) }),
    ...(next && { next_build: presentBuildSummary(ci, next) }),
    ...(transition && { transition_build: presentBuildSummary(ci, transition) }),
    ...presentSteps(ci, job),
  };
}

function presentJobHead(ci: Ci, pipeline: Pipeline, job: Job): object {
  const isOld = majorVersion(ci) < 7;
  return {
    id: job.id,
    name: job.name,
    team_name: pipeline.team,
    ...presentPipelineRef(ci, pipeline),
    ...(job.paused && { paused: true, ...(!isOld && { paused_by: 'test', paused_at: job.pausedAt }) }),
    ...(job.hasNewInputs && { has_new_inputs: true }),
  };
}

function presentSteps(ci: Ci, job: Job): object {
  return {
    ...(job.inputs.length > 0 && { inputs: job.inputs.map((input) => presentJobInput(ci, input)) }),
    ...(job.outputs.length > 0 && { outputs: job.outputs }),
  };
}

/** The shorter form in lists of jobs, where a time that is not set is a large negative number. */
function presentBuildSummary(ci: Ci, build: Build) {
  return {
    id: build.id,
    name: build.name,
    status: build.status,
    start_time: build.start ?? NO_TIME,
    end_time: build.end ?? NO_TIME,
    team_name: build.team,
    ...(build.pipeline && presentPipelineRef(ci, build.pipeline)),
    ...(build.job && { job_name: build.job.name }),
  };
}

function presentJobInput(ci: Ci, input: Job['inputs'][number]): object {
  return {
    name: input.name,
    resource: input.resource,
    ...(input.passed.length > 0 && { passed: input.passed }),
    ...((input.trigger || majorVersion(ci) < 7) && { trigger: input.trigger }),
  };
}

export function presentPipeline(ci: Ci, pipeline: Pipeline): object {
  return {
    id: pipeline.id,
    name: pipeline.name,
    ...(pipeline.instanceVars && { instance_vars: pipeline.instanceVars }),
    paused: pipeline.paused,
    ...(pipeline.paused &&
      majorVersion(ci) >= 8 && { paused_by: pipeline.pausedBy, paused_at: pipeline.pausedAt }),
    public: pipeline.public,
    archived: pipeline.archived,
    team_name: pipeline.team,
    last_updated: pipeline.lastUpdated,
  };
}

export function presentResource(ci: Ci, pipeline: Pipeline, resource: Resource): object {
  const { check, pinned } = resource;
  return {
    name: resource.name,
    ...presentPipelineRef(ci, pipeline),
    team_name: pipeline.team,
    type: resource.type,
    ...(resource.lastChecked && { last_checked: resource.lastChecked }),
    ...(pinned && { pinned_version: pinned }),
    ...(check && majorVersion(ci) >= 7 && { build: presentCheck(ci, check) }),
  };
}

function presentCheck(ci: Ci, check: Build): object {
  const plan = {
    id: check.id.toString(16),
    check: { name: check.resource?.name, type: check.resource?.type },
  };
  const { start_time: start, end_time: end, ...summary } = presentBuildSummary(ci, check);
  return { ...summary, ...(check.start && { start_time: start }), ...(check.end && { end_time: end }), plan };
}

/** An input that the build put out as well is not among its inputs here. */
export function presentBuildResources(build: Build): object {
  const wasPut = (input: Build['inputs'][number]) =>
    build.outputs.some(({ resource, saved }) => resource === input.resource && saved === input.saved);
  return {
    inputs: build.inputs
      .filter((input) => knownVersion(input) !== undefined && !wasPut(input))
      .map((input) => ({
        name: input.name,
        version: input.saved.version,
        pipeline_id: build.pipeline?.id ?? 0,
        first_occurrence: !(build.job?.builds ?? []).some(
          (other) =>
            other.id < build.id &&
            other.inputs.some((earlier) => earlier.name === input.name && earlier.saved === input.saved),
        ),
      })),
    outputs: build.outputs.filter(knownVersion).map(({ name, saved }) => ({ name, version: saved.version })),
  };
}

function presentPipelineRef(ci: Ci, pipeline: Pipeline): object {
  return {
    ...(majorVersion(ci) >= 7 && { pipeline_id: pipeline.id }),
    pipeline_name: pipeline.name,
    ...(pipeline.instanceVars && { pipeline_instance_vars: pipeline.instanceVars }),
  };
}
