import type {
  Build,
  BuildConfig,
  BuildVersion,
  BuildVersionConfig,
  Ci,
  Job,
  JobOutput,
  Pipeline,
  Resource,
} from '../types.ts';
import { saveVersion } from './versions.ts';

/** Times that a test leaves out are made up to suit the status: started 10 minutes ago, ended 5 minutes ago. */
export function createBuild(
  ci: Ci,
  team: string,
  pipeline: Pipeline | null,
  job: Job | null,
  config: BuildConfig,
  resource: Resource | null = null,
): Build {
  const id = config.id ?? ci.nextId();
  const status = config.status ?? 'started';
  const ended = status !== 'pending' && status !== 'started';
  const rerunOf = config.rerunOf ?? null;
  const rerunNumber =
    rerunOf === null ? 0 : ci.builds.filter((other) => other.rerunOf === rerunOf).length + 1;
  const build: Build = {
    id,
    name: config.name ?? nextName(id, pipeline, job, rerunOf, rerunNumber),
    status,
    team,
    pipeline,
    job,
    resource,
    start: config.start !== undefined ? config.start : status === 'pending' ? null : ci.at(-10),
    end: config.end !== undefined ? config.end : ended ? ci.at(-5) : null,
    reaped: config.reaped ?? null,
    createdBy: config.createdBy ?? null,
    inputs: [],
    outputs: [],
    rerunOf,
    rerunNumber,
    plan: config.plan,
  };
  if (job !== null && rerunOf === null && /^\d+$/.test(build.name)) {
    job.lastBuildNumber = Math.max(job.lastBuildNumber, Number(build.name));
  }
  for (const input of config.inputs ?? []) addInput(ci, build, input);
  for (const output of config.outputs ?? []) addOutput(ci, build, output);
  ci.builds.push(build);
  job?.builds.push(build);
  return build;
}

export function addInput(ci: Ci, build: Build, config: BuildVersionConfig): void {
  build.inputs.push(buildVersion(ci, build, config, build.job?.inputs ?? []));
}

export function addOutput(ci: Ci, build: Build, config: BuildVersionConfig): void {
  build.outputs.push(buildVersion(ci, build, config, build.job?.outputs ?? []));
}

/**
 * What a step took or made, under the name of the step that the job has for this resource. A version that nobody
 * has seen yet becomes the resource's newest.
 */
function buildVersion(
  ci: Ci,
  build: Build,
  config: BuildVersionConfig,
  steps: readonly JobOutput[],
): BuildVersion {
  if (build.pipeline === null) throw new Error('a build without a pipeline has no resources; give it a plan');
  const resource = build.pipeline.resource(config.resource);
  const step = steps.find((each) => each.resource === resource.name);
  return {
    name: config.name ?? step?.name ?? resource.name,
    resource,
    saved: saveVersion(ci, resource, config.version),
  };
}

function nextName(
  id: number,
  pipeline: Pipeline | null,
  job: Job | null,
  rerunOf: Build | null,
  rerunNumber: number,
): string {
  if (rerunOf !== null) return `${rerunOf.name}.${rerunNumber}`;
  if (job !== null) return String(job.lastBuildNumber + 1);
  // `fly execute --inputs-from` makes builds of a pipeline that have no job; all of them are called 1.
  return pipeline === null ? String(id) : '1';
}
