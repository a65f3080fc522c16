import { nextInputs } from '../model/next-inputs.ts';
import { knownVersion } from '../model/versions.ts';
import type { Ci, Pipeline } from '../types.ts';
import { maySee } from './access.ts';
import { type Answer, emptyJson, json } from './answer.ts';
import type { Ask, PipelineAsk } from './ask.ts';
import { withJob } from './builds.ts';
import { presentJob, presentListedJob } from './present.ts';

export function answerJobs({ ci, pipeline }: PipelineAsk): Answer {
  return json(presentJobs(ci, pipeline));
}

export function answerJob(ask: PipelineAsk): Answer {
  return withJob(ask, (job) => json(presentJob(ask.ci, ask.pipeline, job)));
}

/** Those of archived pipelines as well, in the order of their ids. */
export function answerAllJobs({ ci, access }: Ask): Answer {
  if (ci.jobsLimited !== null) return { status: ci.jobsLimited, headers: {}, body: '' };
  const pipelines = ci.pipelines.filter((pipeline) => maySee(access, pipeline));
  const jobs = pipelines.flatMap((pipeline) => activeJobs(pipeline).map((job) => ({ pipeline, job })));
  const ordered = jobs.toSorted((a, b) => a.job.id - b.job.id);
  return json(ordered.map(({ pipeline, job }) => presentListedJob(ci, pipeline, job)));
}

/**
 * The versions that the job's next build would take, with the resource's source as it stands in the config. What the
 * scheduler stored is looked up in the config of now: an input that is not there any more is a 500, for as long as the
 * scheduler passes over the job, and always in an archived pipeline, which has no config.
 */
export function answerJobInputs(ask: PipelineAsk): Answer {
  const { pipeline, params } = ask;
  const isMissing = !activeJobs(pipeline).some(({ name }) => name === params.job);
  if (isMissing) return emptyJson(404);
  return withJob(ask, (job) => {
    const next = nextInputs(pipeline, job);
    if (next === null) return emptyJson(404);
    const rows = [...next].map(([name, stored]) => {
      const input = job.inputs.find((each) => each.name === name);
      const resource = pipeline.resources.find((each) => each.active && each.name === input?.resource);
      if (resource === undefined || pipeline.archived) return null;
      const { type, source, tags } = resource;
      const version = knownVersion(stored)?.version ?? null;
      return { name, resource: resource.name, type, source, version, ...(tags.length > 0 && { tags }) };
    });
    return rows.includes(null) ? emptyJson(500) : json(rows);
  });
}

function presentJobs(ci: Ci, pipeline: Pipeline): object[] {
  return activeJobs(pipeline).map((job) => presentListedJob(ci, pipeline, job));
}

function activeJobs(pipeline: Pipeline): Pipeline['jobs'] {
  return pipeline.jobs.filter((job) => job.active);
}
