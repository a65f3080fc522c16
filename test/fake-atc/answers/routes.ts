// The calls that the stand-in answers. What is not here is a 404 of the ATC's web server.

import { isInstance, readInstanceVars } from '../model/instance-vars.ts';
import type { Ci } from '../types.ts';
import { refuseBadToken, refuseStranger, refuseWithoutRole, unauthorized } from './access.ts';
import { type Answer, empty, text } from './answer.ts';
import type { Ask, Handler, PipelineAsk } from './ask.ts';
import {
  answerAllBuilds,
  answerBuild,
  answerBuildResources,
  answerJobBuild,
  answerJobBuilds,
  answerPipelineBuilds,
  answerPlan,
  answerTeamBuilds,
} from './builds.ts';
import { answerInfo, answerTeams, answerUser } from './info.ts';
import { answerAllJobs, answerJob, answerJobInputs, answerJobs } from './jobs.ts';
import {
  answerAllPipelines,
  answerPipeline,
  answerPipelineConfig,
  answerTeamPipelines,
} from './pipelines.ts';
import { majorVersion } from './present.ts';
import {
  answerAllResources,
  answerInputTo,
  answerOutputOf,
  answerResource,
  answerResources,
  answerVersions,
} from './resources.ts';

const P = 'teams/:team/pipelines/:pipeline';
const R = `${P}/resources/:resource`;

const ROUTES: readonly (readonly [string, Handler])[] = [
  ['info', checkToken(answerInfo)],
  ['user', answerUser],
  ['teams', checkToken(answerTeams)],
  ['builds', checkToken(answerAllBuilds)],
  ['builds/:build', answerBuild],
  ['builds/:build/resources', answerBuildResources],
  ['builds/:build/plan', answerPlan],
  ['jobs', checkToken(answerAllJobs)],
  ['resources', checkToken(answerAllResources)],
  ['pipelines', checkToken(answerAllPipelines)],
  ['teams/:team/pipelines', checkToken(answerTeamPipelines)],
  ['teams/:team/builds', checkLogin(answerTeamBuilds)],
  [P, ofPipeline(answerPipeline)],
  [`${P}/builds`, ofPipeline(answerPipelineBuilds)],
  [`${P}/jobs`, ofPipeline(answerJobs)],
  [`${P}/jobs/:job`, ofPipeline(answerJob)],
  [`${P}/jobs/:job/builds`, ofPipeline(answerJobBuilds)],
  [`${P}/jobs/:job/builds/:name`, ofPipeline(answerJobBuild)],
  // Unlike their neighbours these two want a role, also where the pipeline is public.
  [`${P}/jobs/:job/inputs`, checkRole(ofPipeline(answerJobInputs))],
  [`${P}/config`, checkRole(ofPipeline(answerPipelineConfig))],
  [`${P}/resources`, ofPipeline(answerResources)],
  [R, ofPipeline(answerResource)],
  [`${R}/versions`, ofPipeline(answerVersions)],
  [`${R}/versions/:version/input_to`, ofPipeline(answerInputTo)],
  [`${R}/versions/:version/output_of`, ofPipeline(answerOutputOf)],
];

export function route(ask: Omit<Ask, 'params'>, path: string): Answer {
  if (!path.startsWith('/api/v1/')) return webPage();
  const parts = path.slice('/api/v1/'.length).split('/');
  if (!parts.every(isDecodable)) return text(400, '');
  for (const [pattern, handle] of ROUTES) {
    const params = match(pattern, parts);
    if (params === null) continue;
    const answer = handle({ ...ask, params });
    return { ...answer, headers: withVersion(ask.ci, answer.headers) };
  }
  return text(404, '404 page not found\n');
}

/** On answers of the API alone: not on the login, not on redirects, not on what the web server says by itself. */
export function withVersion<Headers extends object>(
  ci: Ci,
  headers: Headers,
): Headers & Record<string, string> {
  return { ...headers, 'x-concourse-version': ci.version };
}

/** Whatever is no call of the API is the web UI's. */
function webPage(): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!DOCTYPE html>\n<html><head><title>Concourse</title></head></html>\n',
  };
}

function match(pattern: string, parts: readonly string[]): Record<string, string> | null {
  const names = pattern.split('/');
  if (names.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const part = parts[at] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = decodeURIComponent(part);
    else if (name !== part) return null;
  }
  return params;
}

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function checkToken(handle: Handler): Handler {
  return (ask) => refuseBadToken(ask.access) ?? handle(ask);
}

function checkLogin(handle: Handler): Handler {
  return (ask) => (ask.access.account === null ? unauthorized() : handle(ask));
}

function checkRole(handle: Handler): Handler {
  return (ask) => refuseWithoutRole(ask.access, ask.params.team ?? '') ?? handle(ask);
}

/** Looks for the pipeline first, and only then for the right to see it: what is not there is 404 to everybody. */
function ofPipeline(handle: (ask: PipelineAsk) => Answer): Handler {
  return (ask) => {
    const { ci, params, query, access } = ask;
    let vars: ReturnType<typeof readInstanceVars>;
    try {
      // Before 7.0 nobody asks for the vars, so no pipeline is found with them.
      vars = readInstanceVars(query);
    } catch {
      return empty(majorVersion(ci) < 7 ? 404 : 400);
    }
    const pipeline = ci.pipelines.find(
      (each) => each.team === params.team && each.name === params.pipeline && isInstance(each, vars),
    );
    if (pipeline === undefined) return empty(404);
    return refuseStranger(access, pipeline) ?? handle({ ...ask, pipeline });
  };
}
