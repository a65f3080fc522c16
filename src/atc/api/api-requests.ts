import * as z from 'zod/mini';
import { type Build, isAlive } from '../../core/build.ts';
import type { InstanceVars } from '../../core/claim-owner.ts';
import { instanceVarsOfQuery, isSameValue, queryOfInstanceVars } from '../../core/messages/instance-vars.ts';
import type { PipelineConfig } from '../../pipeline/read-pipeline.ts';
import type { Answer, AtcSession } from '../http/atc-session.ts';
import {
  type AtcBuild,
  type BuildResources,
  buildAnswer,
  buildResourcesAnswer,
  buildsAnswer,
  type Job,
  jobsAnswer,
  nextInputsAnswer,
  type Pipeline,
  pipelineAnswer,
  pipelineConfigAnswer,
  pipelinesAnswer,
  planAnswer,
  type Resource,
  resourcesAnswer,
  type StepVersion,
  type Version,
  versionsAnswer,
} from './answer-schemas.ts';

/** A pipeline as the ATC's paths name it. */
export interface PipelineRef {
  readonly team: string;
  readonly name: string;
  /** The query that picks one instance; null for the plain pipeline. */
  readonly vars: string | null;
}

/** Ids grow in the order in which Concourse came to know versions. `enabled`: no person has disabled it. */
export type SavedVersion = { readonly id: number; readonly version: Version; readonly enabled: boolean };

/** Something of a pipeline, or the pipeline itself. */
export interface Place {
  readonly pipeline: PipelineRef;
  readonly job?: string;
  readonly resource?: string;
}

/** Part of a list of builds: from the newest on, or from the build `to` on, or upwards from the build `from`. */
export interface Page {
  readonly limit: number;
  readonly to?: number | null;
  readonly from?: number | null;
}

/** Of a job: enough to see what it has done lately. */
const MANY = 500;
/** How many builds one page shows. */
export const PAGE = 1000;
/** How many versions of a resource one list shows: it serves all claims, and those of most locks are among them. */
export const NEWEST_VERSIONS = 500;

/** Every request that is made to an ATC, apart from the login and `/api/v1/info`. */
export interface AtcApi {
  build(pipeline: PipelineRef, job: string, name: string): Promise<Answer<AtcBuild>>;
  buildById(id: string): Promise<Answer<AtcBuild>>;
  /** The versions that a build took and made, as far as the resources' present sources show them. */
  buildResources(build: Pick<Build, 'id' | 'status'>): Promise<Answer<BuildResources>>;
  plan(build: Pick<Build, 'id'>): Promise<Answer<{ plan?: unknown }>>;
  pipeline(pipeline: PipelineRef): Promise<Answer<Pipeline>>;
  /** Names and shapes only, since a source can hold secrets; null for what cannot be read. An archived one has none. */
  pipelineConfig(pipeline: PipelineRef): Promise<Answer<PipelineConfig | null>>;
  /** Whether it is still there: requested where one of its lists answered 404. */
  exists(place: Place): Promise<Answer<unknown>>;
  pipelinesOf(team: string): Promise<Answer<readonly Pipeline[]>>;
  jobs(pipeline: PipelineRef): Promise<Answer<readonly Job[]>>;
  resources(pipeline: PipelineRef): Promise<Answer<readonly Resource[]>>;
  buildsOfPipeline(pipeline: PipelineRef, page: Page): Promise<Answer<readonly AtcBuild[]>>;
  /** The newest ones. */
  buildsOfJob(pipeline: PipelineRef, job: string): Promise<Answer<readonly AtcBuild[]>>;
  /** Those with this number or a higher one. */
  buildsOfJobFrom(pipeline: PipelineRef, job: string, from: number): Promise<Answer<readonly AtcBuild[]>>;
  /** The versions that the job's next build would take. */
  nextInputs(pipeline: PipelineRef, job: string): Promise<Answer<readonly StepVersion[]>>;
  /** The versions of a resource that have at least this `ref`. */
  versions(pipeline: PipelineRef, resource: string, ref: string): Promise<Answer<readonly SavedVersion[]>>;
  /** The newest versions of a resource, at most `NEWEST_VERSIONS`. */
  newestVersions(pipeline: PipelineRef, resource: string): Promise<Answer<readonly SavedVersion[]>>;
  /** The builds that took this version, in this pipeline; never pending ones. */
  inputTo(pipeline: PipelineRef, resource: string, version: number): Promise<Answer<readonly AtcBuild[]>>;
  /** The builds that made this version, in this pipeline. */
  outputOf(pipeline: PipelineRef, resource: string, version: number): Promise<Answer<readonly AtcBuild[]>>;
  /** Of all that the account can see. */
  allJobs(): Promise<Answer<readonly Job[]>>;
  allPipelines(): Promise<Answer<readonly Pipeline[]>>;
  allResources(): Promise<Answer<readonly Resource[]>>;
  allBuilds(page: Page): Promise<Answer<readonly AtcBuild[]>>;
}

export function openApi({ request }: AtcSession): AtcApi {
  // What cannot change any more is requested once in a run, however often a push meets a branch that moved.
  const build = request({
    schema: buildAnswer,
    isFinal: (one) => !isAlive(one),
    isNamedByMessage: true,
  });
  const builds = request({ schema: buildsAnswer });
  const makers = request({
    schema: buildsAnswer,
    isFinal: (list) => list.length > 0 && !list.some(isAlive),
  });
  const buildResources = request({ schema: buildResourcesAnswer });
  // Inputs are chosen before a build starts.
  const plan = request({ schema: planAnswer, isFinal: (answer) => answer.plan !== undefined });
  const pipeline = request({ schema: pipelineAnswer, isNamedByMessage: true });
  const pipelineConfig = request({ schema: pipelineConfigAnswer });
  const exists = request({ schema: z.unknown() });
  const pipelines = request({ schema: pipelinesAnswer });
  const jobs = request({ schema: jobsAnswer });
  const allJobs = request({ schema: jobsAnswer, limits: [501, 503] });
  const resources = request({ schema: resourcesAnswer });
  // A version keeps its number. None found: it may be saved a moment later.
  const versions = request({ schema: versionsAnswer, isFinal: (found) => found.length > 0 });
  const newestVersions = request({ schema: versionsAnswer });
  // 500 for as long as a job is paused whose input step was renamed or removed, and about a second after set-pipeline.
  const nextInputs = request({ schema: nextInputsAnswer, failures: [500] });
  return {
    build: (of, job, name) => build(pathIn(of, `/jobs/${part(job)}/builds/${part(name)}`)),
    buildById: (id) => build(`/api/v1/builds/${part(id)}`),
    buildResources: ({ id, status }) =>
      buildResources(`/api/v1/builds/${id}/resources`, !isAlive({ status })),
    plan: ({ id }) => plan(`/api/v1/builds/${id}/plan`),
    pipeline: (of) => pipeline(pathIn(of, '')),
    pipelineConfig: (of) => pipelineConfig(pathIn(of, '/config')),
    exists: ({ pipeline: of, job, resource }) => {
      const inside =
        job !== undefined
          ? `/jobs/${part(job)}`
          : resource !== undefined
            ? `/resources/${part(resource)}`
            : '';
      return exists(pathIn(of, inside));
    },
    pipelinesOf: (team) => pipelines(`/api/v1/teams/${part(team)}/pipelines`),
    jobs: (of) => jobs(pathIn(of, '/jobs')),
    resources: (of) => resources(pathIn(of, '/resources')),
    buildsOfPipeline: (of, page) => builds(pathIn(of, '/builds', queryOf(page))),
    buildsOfJob: (of, job) => builds(pathIn(of, `/jobs/${part(job)}/builds`, queryOf({ limit: MANY }))),
    buildsOfJobFrom: (of, job, from) =>
      builds(pathIn(of, `/jobs/${part(job)}/builds`, queryOf({ limit: PAGE, from }))),
    nextInputs: (of, job) => nextInputs(pathIn(of, `/jobs/${part(job)}/inputs`)),
    versions: (of, name, ref) =>
      versions(pathIn(of, `/resources/${part(name)}/versions`, [`filter=ref:${ref}`])),
    newestVersions: (of, name) =>
      newestVersions(pathIn(of, `/resources/${part(name)}/versions`, queryOf({ limit: NEWEST_VERSIONS }))),
    inputTo: (of, name, id) => builds(pathIn(of, `/resources/${part(name)}/versions/${id}/input_to`)),
    outputOf: (of, name, id) => makers(pathIn(of, `/resources/${part(name)}/versions/${id}/output_of`)),
    allJobs: () => allJobs('/api/v1/jobs'),
    allPipelines: () => pipelines('/api/v1/pipelines'),
    allResources: () => resources('/api/v1/resources'),
    allBuilds: (page) => builds(`/api/v1/builds?${queryOf(page).join('&')}`),
  };
}

export interface OfPipeline {
  readonly team: string;
  readonly pipeline: string | null;
  readonly instanceVars: InstanceVars | null;
}

/** The pipeline that something belongs to, by the names and vars that the ATC gives it. */
export function pipelineOf(row: OfPipeline): PipelineRef | null {
  if (row.pipeline === null) return null;
  const vars = row.instanceVars === null ? null : queryOfInstanceVars(JSON.stringify(row.instanceVars));
  return { team: row.team, name: row.pipeline, vars };
}

/** Instance vars are compared as values: a Build URL, the ATC and we each write the same vars in another way. */
export function isOfPipeline(row: OfPipeline, { team, name, vars }: PipelineRef): boolean {
  if (row.team !== team || row.pipeline !== name) return false;
  return isSameValue(row.instanceVars, vars === null ? null : instanceVarsOfQuery(vars));
}

function pathIn({ team, name, vars }: PipelineRef, rest: string, query: readonly string[] = []): string {
  const all = [...varsOf(vars ?? ''), ...query].join('&');
  return `/api/v1/teams/${part(team)}/pipelines/${part(name)}${rest}${all === '' ? '' : `?${all}`}`;
}

/** A query from a commit message is passed on as it is, but only what picks an instance. */
function varsOf(query: string): string[] {
  return query.split('&').filter((pair) => /^vars(?:[.=]|%2e)/i.test(pair) && !/[\s#]/.test(pair));
}

function queryOf({ limit, to = null, from = null }: Page): string[] {
  const bounds = { limit, to, from };
  return Object.entries(bounds).flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
}

function part(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}
