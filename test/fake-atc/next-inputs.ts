// Which versions a job's next build would take: a small copy of what Concourse's scheduler works out.
import { newestFirst } from './order-builds.ts';
import type { Build, Job, JobInput, NextInputs, Pipeline, SavedVersion } from './types.ts';
import { isVisible, visibleVersions } from './versions.ts';

export function nextInputs(pipeline: Pipeline, job: Job): NextInputs {
  return job.nextInputs !== undefined ? job.nextInputs : computeNextInputs(pipeline, job);
}

/** Whether the job has had these versions already plays no part: it goes on showing them. */
export function computeNextInputs(pipeline: Pipeline, job: Job): NextInputs {
  const next = new Map<string, SavedVersion>();
  for (const input of job.inputs) {
    const saved = input.passed.length === 0 ? newest(pipeline, input) : newestPassed(pipeline, input);
    if (saved === undefined) return null;
    next.set(input.name, saved);
  }
  return next;
}

function newest(pipeline: Pipeline, input: JobInput): SavedVersion | undefined {
  return visibleVersions(pipeline.resource(input.resource)).findLast((saved) => saved.enabled);
}

/** In the order of the builds that passed it, not of the versions: so does Concourse. */
function newestPassed(pipeline: Pipeline, input: JobInput): SavedVersion | undefined {
  const [first = [], ...others] = input.passed.map((job) => passedVersions(pipeline, job, input.resource));
  return first.find((saved) => saved.enabled && others.every((versions) => versions.includes(saved)));
}

/** What the succeeded builds of a job took or made of a resource, newest build first. */
function passedVersions(pipeline: Pipeline, job: string, resource: string): SavedVersion[] {
  const succeeded = pipeline.job(job).builds.filter((build) => build.status === 'succeeded');
  return newestFirst(succeeded).flatMap((build) => versionsOf(build, pipeline, resource));
}

function versionsOf(build: Build, pipeline: Pipeline, name: string): SavedVersion[] {
  const resource = pipeline.resource(name);
  const touched = [...build.inputs, ...build.outputs].filter((entry) => entry.resource === resource);
  const saved = touched.filter(isVisible).map((entry) => entry.saved);
  return saved.sort((a, b) => resource.versions.indexOf(b) - resource.versions.indexOf(a));
}
