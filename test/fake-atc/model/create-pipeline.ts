import type {
  Ci,
  Job,
  JobConfig,
  NextInput,
  NextInputs,
  Pipeline,
  PipelineConfig,
  PipelineOptions,
  Resource,
  ResourceConfig,
  Version,
} from '../types.ts';
import { addInput, addOutput, createBuild } from './create-build.ts';
import { computeNextInputs } from './next-inputs.ts';
import { saveVersion } from './versions.ts';

/** Stands in the source of every resource, where a private key would: it must not turn up anywhere else. */
export const SOURCE_SECRET = 'SECRET-of-the-resource-source';

export function createPipeline(ci: Ci, team: string, name: string, options: PipelineOptions): Pipeline {
  const pipeline: Pipeline = {
    id: options.id ?? ci.nextId(),
    team,
    name,
    instanceVars: options.instanceVars ?? null,
    public: options.public ?? false,
    paused: false,
    archived: false,
    pausedBy: null,
    pausedAt: null,
    lastUpdated: ci.time(),
    file: options.file ?? null,
    resources: [],
    jobs: [],

    job: (wanted) => pick(pipeline.jobs, wanted, 'job'),
    resource: (wanted) => pick(pipeline.resources, wanted, 'resource'),
    build: (job, config = {}) => createBuild(ci, pipeline.team, pipeline, pipeline.job(job), config),
    set: (config) => setConfig(ci, pipeline, config),
    addResource: (config) => saveResource(ci, pipeline, config),
    addJob: (config) => saveJob(ci, pipeline, config),
    removeJob: (wanted) => {
      pipeline.job(wanted).active = false;
    },
    renameJob: (from, to) => {
      pipeline.job(from).name = to;
      for (const job of pipeline.jobs) {
        job.inputs = job.inputs.map((input) => ({
          ...input,
          passed: input.passed.map((passed) => (passed === from ? to : passed)),
        }));
      }
    },
    pause: () => {
      for (const job of pipeline.jobs) freeze(pipeline, job);
      Object.assign(pipeline, { paused: true, pausedBy: 'test', pausedAt: ci.time() });
    },
    unpause: () => {
      pipeline.paused = false;
      for (const job of pipeline.jobs) thaw(pipeline, job);
    },
    pauseJob: (wanted) => {
      freeze(pipeline, pipeline.job(wanted));
      Object.assign(pipeline.job(wanted), { paused: true, pausedAt: ci.time() });
    },
    unpauseJob: (wanted) => {
      pipeline.job(wanted).paused = false;
      thaw(pipeline, pipeline.job(wanted));
    },
    archive: () => {
      pipeline.pause();
      Object.assign(pipeline, { archived: true, pausedBy: 'automatic-pipeline-archiver' });
    },
    rename: (to) => {
      pipeline.name = to;
    },
    destroy: () => {
      ci.pipelines = ci.pipelines.filter((other) => other !== pipeline);
      ci.builds = ci.builds.filter((build) => build.pipeline !== pipeline);
    },
    found: (resource, ...versions) =>
      versions.map((version) => saveVersion(ci, pipeline.resource(resource), version)),
    addInput: (build, input) => addInput(ci, build, input),
    addOutput: (build, output) => addOutput(ci, build, output),
    rotateCredentials: (resource) => {
      pipeline.resource(resource).scope += 1;
    },
    pin: (resource, version) => {
      pipeline.resource(resource).pinned = version;
    },
    disable: (resource, version) => {
      saveVersion(ci, pipeline.resource(resource), version).enabled = false;
    },
    check: (wanted, config = {}) => {
      const resource = pipeline.resource(wanted);
      const check = createBuild(ci, pipeline.team, pipeline, null, { name: 'check', ...config }, resource);
      Object.assign(resource, { check, lastChecked: check.end });
      return check;
    },
    setNextInputs: (job, inputs) => {
      pipeline.job(job).nextInputs = inputs && overrideInputs(ci, pipeline, pipeline.job(job), inputs);
    },
  };
  setConfig(ci, pipeline, options);
  // Times of builds that a test leaves out are before now: so is the pipeline.
  pipeline.lastUpdated = ci.at(-60 * 24 * 30);
  if (options.paused === true) pipeline.pause();
  if (options.archived === true) pipeline.archive();
  return pipeline;
}

function setConfig(ci: Ci, pipeline: Pipeline, { resources = [], jobs = [] }: PipelineConfig): void {
  pipeline.lastUpdated = ci.time();
  for (const row of [...pipeline.resources, ...pipeline.jobs]) row.active = false;
  for (const resource of resources) {
    saveResource(ci, pipeline, typeof resource === 'string' ? { name: resource } : resource);
  }
  for (const job of jobs) saveJob(ci, pipeline, job);
}

function saveResource(ci: Ci, pipeline: Pipeline, config: ResourceConfig): Resource {
  const settings = {
    type: config.type ?? 'pool',
    source: config.source ?? { uri: 'git@git.example.com:locks.git', private_key: SOURCE_SECRET },
    tags: config.tags ?? [],
    active: true,
  };
  const known = pipeline.resources.find((resource) => resource.name === config.name);
  if (known !== undefined) return Object.assign(known, settings);
  const resource: Resource = {
    id: config.id ?? ci.nextId(),
    name: config.name,
    scope: 1,
    versions: [],
    known: new Map(),
    pinned: null,
    lastChecked: null,
    check: null,
    ...settings,
  };
  pipeline.resources.push(resource);
  return resource;
}

/** A job that comes back is the same row: it keeps its id and its builds, and counts on. */
function saveJob(ci: Ci, pipeline: Pipeline, config: JobConfig): Job {
  const settings = {
    active: true,
    public: config.public ?? false,
    inputs: (config.inputs ?? []).map((given) => {
      const input = typeof given === 'string' ? { resource: given } : given;
      return { name: input.resource, passed: [], trigger: false, version: null, ...input };
    }),
    outputs: (config.outputs ?? []).map((given) => {
      const output = typeof given === 'string' ? { resource: given } : given;
      return { name: output.resource, ...output };
    }),
  };
  // A name that is not there is a slip of the test: better said here than seen as a strange answer.
  for (const step of [...settings.inputs, ...settings.outputs]) pipeline.resource(step.resource);
  let job = pipeline.jobs.find((other) => other.name === config.name);
  if (job !== undefined) Object.assign(job, settings);
  else {
    const id = config.id ?? ci.nextId();
    job = {
      id,
      name: config.name,
      paused: false,
      pausedAt: null,
      hasNewInputs: false,
      nextInputs: undefined,
      lastBuildNumber: 0,
      builds: [],
      ...settings,
    };
    pipeline.jobs.push(job);
  }
  if (config.paused === true) {
    freeze(pipeline, job);
    Object.assign(job, { paused: true, pausedAt: ci.time() });
  }
  return job;
}

/** The scheduler passes over what is paused: its next inputs stay what they were at that moment. */
function freeze(pipeline: Pipeline, job: Job): void {
  if (job.nextInputs === undefined) job.nextInputs = computeNextInputs(pipeline, job);
}

function thaw(pipeline: Pipeline, job: Job): void {
  if (!pipeline.paused && !job.paused) job.nextInputs = undefined;
}

function overrideInputs(ci: Ci, pipeline: Pipeline, job: Job, versions: Record<string, Version>): NextInputs {
  const next = new Map<string, NextInput>();
  for (const [name, version] of Object.entries(versions)) {
    const input = job.inputs.find((candidate) => candidate.name === name);
    if (input === undefined) throw new Error(`job ${job.name} has no input ${name}`);
    const resource = pipeline.resource(input.resource);
    next.set(name, { resource, saved: saveVersion(ci, resource, version) });
  }
  return next;
}

function pick<Row extends Job | Resource>(rows: readonly Row[], name: string, kind: string): Row {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`the pipeline has no ${kind} ${name}`);
  return row;
}
