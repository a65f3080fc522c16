// Which versions a job's next build would take: a small copy of what Concourse's scheduler works out. Each input by
// itself; that two inputs with the same `passed` come from the same build is left out.

import type {
  Build,
  Job,
  JobInput,
  NextInput,
  NextInputs,
  Pipeline,
  Resource,
  SavedVersion,
} from '../types.ts';
import { newestFirst } from './order-builds.ts';
import { findVersion, knownVersion, visibleVersions } from './versions.ts';

export function nextInputs(pipeline: Pipeline, job: Job): NextInputs {
  return job.nextInputs !== undefined ? job.nextInputs : computeNextInputs(pipeline, job);
}

/** Whether the job has had these versions already plays no part, but for `version: every`: it goes on showing them. */
export function computeNextInputs(pipeline: Pipeline, job: Job): NextInputs {
  const next = new Map<string, NextInput>();
  for (const input of job.inputs) {
    const saved = nextVersion(pipeline, job, input);
    if (saved === undefined) return null;
    next.set(input.name, { resource: pipeline.resource(input.resource), saved });
  }
  return next;
}

/** What one input would take, whatever the others wait for. A pin that has not passed leaves it undetermined. */
export function nextVersion(pipeline: Pipeline, job: Job, input: JobInput): SavedVersion | undefined {
  const resource = pipeline.resource(input.resource);
  const enabled = candidates(pipeline, input);
  const pin = typeof input.version === 'object' && input.version !== null ? input.version : resource.pinned;
  if (pin !== null) {
    const pinned = findVersion(resource, pin);
    return enabled.findLast((saved) => saved === pinned);
  }
  if (input.version !== 'every') return enabled.at(-1);
  return versionsInLine(pipeline, job, input)[0] ?? enabled.at(-1);
}

/** With `version: every`: all that the job has still to take, oldest first. It begins with the newest one. */
export function versionsInLine(pipeline: Pipeline, job: Job, input: JobInput): SavedVersion[] {
  const enabled = candidates(pipeline, input);
  const used = newestUsed(job, input, pipeline.resource(input.resource));
  return used === undefined ? enabled.slice(-1) : enabled.slice(enabled.lastIndexOf(used) + 1);
}

/** Oldest first. */
function candidates(pipeline: Pipeline, input: JobInput): SavedVersion[] {
  const resource = pipeline.resource(input.resource);
  const all =
    input.passed.length === 0 ? visibleVersions(resource) : passedVersions(pipeline, resource, input);
  return all.filter((saved) => saved.enabled);
}

/** In the order of the builds that passed them, not of the versions: so does Concourse. Oldest first. */
function passedVersions(pipeline: Pipeline, resource: Resource, input: JobInput): SavedVersion[] {
  const [first = [], ...others] = input.passed.map((job) => versionsPassedBy(pipeline.job(job), resource));
  return first.filter((saved) => others.every((versions) => versions.includes(saved))).toReversed();
}

/** What the succeeded builds of a job took or made of a resource, newest build first. */
function versionsPassedBy(job: Job, resource: Resource): SavedVersion[] {
  const succeeded = job.builds.filter((build) => build.status === 'succeeded');
  return newestFirst(succeeded).flatMap((build) => versionsOf(build, resource));
}

function versionsOf(build: Build, resource: Resource): SavedVersion[] {
  const touched = [...build.inputs, ...build.outputs].filter((entry) => entry.resource === resource);
  const saved = touched.flatMap((entry) => knownVersion(entry) ?? []);
  return saved.sort((a, b) => resource.versions.indexOf(b) - resource.versions.indexOf(a));
}

function newestUsed(job: Job, input: JobInput, resource: Resource): SavedVersion | undefined {
  const used = job.builds
    .filter((build) => build.status !== 'pending')
    .flatMap((build) => build.inputs)
    .filter((entry) => entry.name === input.name && entry.resource === resource)
    .flatMap((entry) => knownVersion(entry) ?? []);
  return resource.versions.findLast((saved) => used.includes(saved));
}
