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
    const resource = pipeline.resource(input.resource);
    const saved =
      input.passed.length === 0
        ? choose(visibleVersions(resource), resource, job, input)
        : choose(passedVersions(pipeline, resource, input), resource, job, input);
    if (saved === undefined) return null;
    next.set(input.name, { resource, saved });
  }
  return next;
}

/** `candidates`: oldest first. A pin that is not among them leaves the input undetermined. */
function choose(
  candidates: readonly SavedVersion[],
  resource: Resource,
  job: Job,
  input: JobInput,
): SavedVersion | undefined {
  const enabled = candidates.filter((saved) => saved.enabled);
  const pin = typeof input.version === 'object' && input.version !== null ? input.version : resource.pinned;
  if (pin !== null) {
    const pinned = findVersion(resource, pin);
    return enabled.findLast((saved) => saved === pinned);
  }
  if (input.version !== 'every') return enabled.at(-1);
  const used = lastUsed(job, input, resource);
  const at = used === undefined ? -1 : enabled.lastIndexOf(used);
  if (at === -1) return enabled.at(used === undefined ? 0 : -1);
  return enabled[at + 1] ?? enabled[at];
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

function lastUsed(job: Job, input: JobInput, resource: Resource): SavedVersion | undefined {
  const builds = newestFirst(job.builds.filter((build) => build.status !== 'pending'));
  return builds
    .flatMap((build) => build.inputs)
    .filter((entry) => entry.name === input.name && entry.resource === resource)
    .flatMap((entry) => knownVersion(entry) ?? [])[0];
}
