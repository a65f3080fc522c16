import { writeInstanceVars } from '../model/instance-vars.ts';
import { newestFirst } from '../model/order-builds.ts';
import type { Build, Job, Pipeline } from '../types.ts';
import { mayRead, refuseBuild, refusePlan } from './access.ts';
import { type Answer, empty, json } from './answer.ts';
import type { Ask, PipelineAsk } from './ask.ts';
import { pageBuilds } from './paging.ts';
import { hasPlan, presentPlan } from './plan.ts';
import { presentBuild, presentBuildResources } from './present.ts';

export function answerBuild(ask: Ask): Answer {
  return withBuild(ask, (build) => refuseBuild(ask.access, build) ?? json(presentBuild(ask.ci, build)));
}

export function answerBuildResources(ask: Ask): Answer {
  return withBuild(ask, (build) => refuseBuild(ask.access, build) ?? json(presentBuildResources(build)));
}

export function answerPlan(ask: Ask): Answer {
  return withBuild(
    ask,
    (build) => refusePlan(ask.access, build) ?? (hasPlan(build) ? json(presentPlan(build)) : empty(404)),
  );
}

export function answerJobBuild(ask: PipelineAsk): Answer {
  const { params } = ask;
  return withJob(ask, (job) => {
    const builds = newestFirst(job.builds);
    // `latest` is a name that the ATC itself resolves.
    const build = builds.find((each) => params.name === 'latest' || each.name === params.name);
    return build === undefined ? empty(404) : json(presentBuild(ask.ci, build));
  });
}

export function answerJobBuilds(ask: PipelineAsk): Answer {
  const { pipeline, query, externalUrl } = ask;
  return withJob(ask, (job) =>
    pageBuilds(
      job.builds,
      query,
      `${pipelineUrl(externalUrl, pipeline)}/jobs/${job.name}/builds${writeInstanceVars(pipeline.instanceVars)}`,
      (build) => presentBuild(ask.ci, build),
    ),
  );
}

/** Also the builds of jobs that have left the config. */
export function answerPipelineBuilds({ ci, pipeline, query, externalUrl }: PipelineAsk): Answer {
  return pageBuilds(
    ci.builds.filter((build) => build.pipeline === pipeline),
    query,
    `${pipelineUrl(externalUrl, pipeline)}/builds${writeInstanceVars(pipeline.instanceVars)}`,
    (build) => presentBuild(ci, build),
  );
}

/** To anybody who is logged in, and all of them: private ones too, whatever their role. */
export function answerTeamBuilds({ ci, params, query, externalUrl }: Ask): Answer {
  const team = params.team ?? '';
  if (!ci.teams.includes(team)) return empty(404);
  return pageBuilds(
    ci.builds.filter((build) => build.team === team),
    query,
    `${externalUrl}/api/v1/teams/${team}/builds`,
    (build) => presentBuild(ci, build),
  );
}

export function answerAllBuilds({ ci, access, query, externalUrl }: Ask): Answer {
  return pageBuilds(
    ci.builds.filter((build) => build.pipeline?.public === true || mayRead(access, build.team)),
    query,
    `${externalUrl}/api/v1/builds`,
    (build) => presentBuild(ci, build),
  );
}

/** A job that has left the config is not found, whatever still runs. */
export function withJob({ pipeline, params }: PipelineAsk, handle: (job: Job) => Answer): Answer {
  const job = pipeline.jobs.find((each) => each.active && each.name === params.job);
  return job === undefined ? empty(404) : handle(job);
}

/** What an int64 holds; a larger number is no number to the ATC. */
const LARGEST_ID = 2n ** 63n - 1n;

function withBuild({ ci, params }: Ask, handle: (build: Build) => Answer): Answer {
  const id = params.build ?? '';
  if (!/^\d+$/.test(id) || BigInt(id) > LARGEST_ID) return empty(400);
  const build = ci.builds.find((each) => each.id === Number(id));
  return build === undefined ? empty(404) : handle(build);
}

function pipelineUrl(externalUrl: string, pipeline: Pipeline): string {
  return `${externalUrl}/api/v1/teams/${pipeline.team}/pipelines/${pipeline.name}`;
}
