// Who asks, and what they may see. Concourse checks this in a different order for different routes: some look
// for the thing first (404 before 403), others for the role (403 before 404).

import type { Account, Build, Ci, Pipeline } from '../types.ts';
import { type Answer, empty, text } from './answer.ts';

export type Access = { hasToken: boolean; account: Account | null };

export function readAccess(ci: Ci, authorization: string | undefined): Access {
  const [scheme, token] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return { hasToken: false, account: null };
  const known = ci.tokens.get(token);
  const valid = known !== undefined && ci.time() < known.expires;
  return { hasToken: true, account: valid ? known.account : null };
}

export function mayRead({ account }: Access, team: string): boolean {
  return account !== null && (account.admin || account.roles[team] !== undefined);
}

export function maySee(access: Access, pipeline: Pipeline): boolean {
  return pipeline.public || mayRead(access, pipeline.team);
}

/** Lists of everything: a bad token is refused, none at all sees what is public. */
export function refuseBadToken(access: Access): Answer | null {
  return access.hasToken && access.account === null ? unauthorized() : null;
}

export function refuseWithoutRole(access: Access, team: string): Answer | null {
  return mayRead(access, team) ? null : refuse(access);
}

export function refuseStranger(access: Access, pipeline: Pipeline): Answer | null {
  return maySee(access, pipeline) ? null : refuse(access);
}

/** A build is as public as its pipeline; a one-off build belongs to its team alone. */
export function refuseBuild(access: Access, build: Build): Answer | null {
  if (mayRead(access, build.team) || build.pipeline?.public === true) return null;
  return refuse(access);
}

/** A plan also needs a public job, and a job that has left the config cannot be looked up. */
export function refusePlan(access: Access, build: Build): Answer | null {
  if (mayRead(access, build.team)) return null;
  if (build.pipeline?.public !== true || build.job === null) return refuse(access);
  if (!build.job.active) return empty(404);
  return build.job.public ? null : refuse(access);
}

export function unauthorized(): Answer {
  return text(401, 'not authorized');
}

function refuse({ account }: Access): Answer {
  return account === null ? unauthorized() : text(403, 'forbidden');
}
