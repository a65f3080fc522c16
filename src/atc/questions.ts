import { type Build, isAlive } from '../core/build.ts';
import { queryOfInstanceVars } from '../core/instance-vars.ts';
import type { InstanceVars } from '../core/owner.ts';
import {
  type BuildResources,
  buildAnswer,
  buildResourcesAnswer,
  buildsAnswer,
  type Job,
  jobsAnswer,
  nextInputsAnswer,
  type Pipeline,
  pipelineAnswer,
  pipelinesAnswer,
  planAnswer,
  type Resource,
  resourcesAnswer,
  type StepVersion,
  type Version,
  versionsAnswer,
} from './answers.ts';
import type { Answer, Session } from './session.ts';

/** A pipeline as the ATC's paths name it. */
export interface PipelineRef {
  readonly team: string;
  readonly name: string;
  /** The query that picks one instance; null for the plain pipeline. */
  readonly vars: string | null;
}

export type SavedVersion = { readonly id: number; readonly version: Version };

/** How many builds one list shows. Pages are no way to go on: one that is cut by `to` can lack a rerun. */
const MANY = 500;
/** All builds of all teams are many: they are paged, since the ones wanted there (one-off builds) are never reruns. */
export const PAGE = 1000;

/** Everything that we ask an ATC. */
export interface Questions {
  build(pipeline: PipelineRef, job: string, name: string): Promise<Answer<Build>>;
  buildById(id: string): Promise<Answer<Build>>;
  /** The versions that a build took and made, as far as the resources' present sources show them. */
  versionsOf(build: Build): Promise<Answer<BuildResources>>;
  plan(build: Build): Promise<Answer<{ plan?: unknown }>>;
  pipeline(pipeline: PipelineRef): Promise<Answer<Pipeline>>;
  pipelinesOf(team: string): Promise<Answer<readonly Pipeline[]>>;
  jobs(pipeline: PipelineRef): Promise<Answer<readonly Job[]>>;
  resources(pipeline: PipelineRef): Promise<Answer<readonly Resource[]>>;
  buildsOfPipeline(pipeline: PipelineRef): Promise<Answer<readonly Build[]>>;
  buildsOfJob(pipeline: PipelineRef, job: string): Promise<Answer<readonly Build[]>>;
  /** The versions that the job's next build would take. */
  nextInputs(pipeline: PipelineRef, job: string): Promise<Answer<readonly StepVersion[]>>;
  /** The versions of a resource that have at least this `ref`. */
  versions(pipeline: PipelineRef, resource: string, ref: string): Promise<Answer<readonly SavedVersion[]>>;
  takersOf(pipeline: PipelineRef, resource: string, version: number): Promise<Answer<readonly Build[]>>;
  makersOf(pipeline: PipelineRef, resource: string, version: number): Promise<Answer<readonly Build[]>>;
  /** Of all that the account can see. */
  allJobs(): Promise<Answer<readonly Job[]>>;
  allResources(): Promise<Answer<readonly Resource[]>>;
  /** One page, newest first, from the build `to` on. */
  allBuilds(to: number | null): Promise<Answer<readonly Build[]>>;
}

export function questionsOf({ question }: Session): Questions {
  // Only what has ended stays as it is.
  const build = question({ schema: buildAnswer, isFinal: (one) => !isAlive(one) });
  const builds = question({ schema: buildsAnswer });
  const versionsOf = question({ schema: buildResourcesAnswer });
  const plan = question({ schema: planAnswer });
  const pipeline = question({ schema: pipelineAnswer });
  const pipelines = question({ schema: pipelinesAnswer });
  const jobs = question({ schema: jobsAnswer });
  const allJobs = question({ schema: jobsAnswer, limits: [501, 503] });
  const resources = question({ schema: resourcesAnswer });
  const versions = question({ schema: versionsAnswer });
  const nextInputs = question({ schema: nextInputsAnswer });
  const many = [`limit=${MANY}`];
  return {
    build: (of, job, name) => build(pathIn(of, `/jobs/${part(job)}/builds/${part(name)}`)),
    buildById: (id) => build(`/api/v1/builds/${part(id)}`),
    versionsOf: ({ id }) => versionsOf(`/api/v1/builds/${id}/resources`),
    plan: ({ id }) => plan(`/api/v1/builds/${id}/plan`),
    pipeline: (of) => pipeline(pathIn(of, '')),
    pipelinesOf: (team) => pipelines(`/api/v1/teams/${part(team)}/pipelines`),
    jobs: (of) => jobs(pathIn(of, '/jobs')),
    resources: (of) => resources(pathIn(of, '/resources')),
    buildsOfPipeline: (of) => builds(pathIn(of, '/builds', many)),
    buildsOfJob: (of, job) => builds(pathIn(of, `/jobs/${part(job)}/builds`, many)),
    nextInputs: (of, job) => nextInputs(pathIn(of, `/jobs/${part(job)}/inputs`)),
    versions: (of, name, ref) =>
      versions(pathIn(of, `/resources/${part(name)}/versions`, [`filter=ref:${ref}`])),
    takersOf: (of, name, id) => builds(pathIn(of, `/resources/${part(name)}/versions/${id}/input_to`)),
    makersOf: (of, name, id) => builds(pathIn(of, `/resources/${part(name)}/versions/${id}/output_of`)),
    allJobs: () => allJobs('/api/v1/jobs'),
    allResources: () => resources('/api/v1/resources'),
    allBuilds: (to) => builds(`/api/v1/builds?limit=${PAGE}${to === null ? '' : `&to=${to}`}`),
  };
}

/** The pipeline that something belongs to, by the names and vars that the ATC gives it. */
export function pipelineOf(row: {
  readonly team: string;
  readonly pipeline: string | null;
  readonly instanceVars: InstanceVars | null;
}): PipelineRef | null {
  if (row.pipeline === null) return null;
  const vars = row.instanceVars === null ? null : queryOfInstanceVars(JSON.stringify(row.instanceVars));
  return { team: row.team, name: row.pipeline, vars };
}

function pathIn({ team, name, vars }: PipelineRef, rest: string, query: readonly string[] = []): string {
  const all = [...varsOf(vars ?? ''), ...query].join('&');
  return `/api/v1/teams/${part(team)}/pipelines/${part(name)}${rest}${all === '' ? '' : `?${all}`}`;
}

/** A query from a commit message is handed through as it is, but may pick an instance and nothing else. */
function varsOf(query: string): string[] {
  return query.split('&').filter((pair) => /^vars(?:[.=]|%2e)/i.test(pair) && !/[\s#]/.test(pair));
}

function part(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}
