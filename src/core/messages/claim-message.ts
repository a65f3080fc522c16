import type { JobOwner, Owner } from '../claim-owner.ts';
import { instanceVarsOfQuery, parseVarsObject, queryOfInstanceVars } from './instance-vars.ts';

/** What a claim commit's message says: who claimed, and whether the lock was born claimed. */
export interface ClaimMessage {
  readonly owner: Owner;
  /** `adding claimed: L`: the lock was created for its first holder, which may have left its environment incomplete. */
  readonly bornClaimed: boolean;
}

const BUILD = String.raw`\d+(?:\.\d+)?`;
const OPERATION = '(?:claiming|unclaiming|removing|adding|adding claimed|adding unclaimed|updating)';
// Everything that the pool resource ever wrote before the operation, in one line. Greedy: a job may be called
// `a build 4`. There is always a slash: without one somebody wrote it by hand.
const BY_BUILD = new RegExp(`^(.*/.*) (?:#(${BUILD})|\`#(${BUILD})\`|build (${BUILD}))$`, 'u');
const ONE_OFF = /^one-off(?: build)? (?:#(\d+)|`#(\d+)`|(\d+))$/u;
const SHAPED = new RegExp(`^(?:(.+?) )??(${OPERATION}): (.*)$`, 'u');
const BY_HAND = /^(?:Revert|Reapply) "/;
const JOB_URL = new RegExp(
  `^.+?/teams/([^/]+)/pipelines/([^/]+)/jobs/(.+?)/builds/(${BUILD})(?:\\?(.*))?$`,
  'u',
);
// The number of a one-off build is its id. That of a job's build is only its name: never take one for the other.
const ONE_OFF_URL = /^(?!.*\/(?:teams|pipelines|jobs)\/).+\/builds\/(\d+)$/u;

/**
 * Reads the message of the commit that put `lock` into `claimed` (the forms are those of the pool resource since
 * 2015). Anchored at both ends: what only contains such a message (`Revert "..."`) is a claim by hand. A message in the
 * resource's form that names another lock is garbled (a `%` in a name does that), so its owner is unknown.
 */
export function parseClaimMessage(message: string, lock: string): ClaimMessage {
  const { operation, owner } = parseOperation(message, lock);
  if (operation === 'claiming' || operation === 'adding claimed' || owner.kind === 'person')
    return { owner, bornClaimed: operation === 'adding claimed' };
  return { owner: { kind: 'unknown', url: owner.url }, bornClaimed: false };
}

/** Who released, added or removed `lock`, read from the message of the commit that did it, by the same rules. */
export function parseReleaseMessage(message: string, lock: string): Owner {
  return parseOperation(message, lock).owner;
}

/** Whether Pool Boy made this commit: its trailers stand in the last paragraph, where nothing else writes them. */
export function isByPoolBoy(message: string): boolean {
  const last = tidy(message).split('\n\n').at(-1) ?? '';
  return /^Released-By: pool-boy /m.test(last) && /^Claim: [0-9a-f]{40,64}$/m.test(last);
}

function parseOperation(message: string, lock: string): { operation: string | null; owner: Owner } {
  const { text, url } = splitBuildUrl(tidy(message));
  const named = operationOn(text, tidy(`: ${lock}`));
  if (named !== null) return { operation: named.operation, owner: ownerOf(named.prefix, url) };
  const shaped = text.includes('\n') || BY_HAND.test(text) ? null : SHAPED.exec(text);
  const garbled = url !== null || (shaped !== null && prefixIsOurs(shaped[1] ?? ''));
  return { operation: null, owner: garbled ? { kind: 'unknown', url } : { kind: 'person' } };
}

/** As git tidies the message that it is given: no blanks at the ends of lines, no blank lines at the end. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
}

/** Since v1.8 the build stands in a line of its own right under the operation; empty before Concourse 8.0. */
function splitBuildUrl(text: string): { text: string; url: string | null } {
  const at = text.lastIndexOf('\nBuild URL:');
  if (at === -1) return { text, url: null };
  const url = text.slice(at + '\nBuild URL:'.length).trim();
  if (url.includes('\n')) return { text, url: null };
  return { text: text.slice(0, at).trimEnd(), url: url === '' ? null : url };
}

/** `end` is `: LOCK`, tidied with its colon: a name that starts with a new line loses the blank before it. */
function operationOn(text: string, end: string): { prefix: string; operation: string } | null {
  if (!text.endsWith(end)) return null;
  const match = new RegExp(`^(?:(.+) )?(${OPERATION})$`, 'u').exec(text.slice(0, -end.length));
  if (match === null) return null;
  const [, prefix = '', operation = ''] = match;
  return prefixIsOurs(prefix) ? { prefix, operation } : null;
}

function prefixIsOurs(prefix: string): boolean {
  if (prefix === '') return true;
  if (BY_HAND.test(prefix)) return false;
  return ONE_OFF.test(prefix) || BY_BUILD.test(prefix);
}

function ownerOf(prefix: string, url: string | null): Owner {
  if (url !== null) return ownerOfUrl(url);
  const oneOff = ONE_OFF.exec(prefix);
  if (oneOff !== null)
    return { kind: 'one-off', build: oneOff[1] ?? oneOff[2] ?? oneOff[3] ?? '', url: null };
  const byBuild = BY_BUILD.exec(prefix);
  if (byBuild === null) return { kind: 'unknown', url: null };
  const [, path = '', ...names] = byBuild;
  const build = names.find((name) => name !== undefined) ?? '';
  return jobAt(path, build) ?? { kind: 'unknown', url: null };
}

/**
 * `PIPELINE/JOB`, `TEAM/PIPELINE/JOB` or `TEAM/PIPELINE/{...}/JOB`, where the job's name can hold slashes: with two
 * slashes or more it can be the first form as well as the second (see `readingsOf`).
 */
function jobAt(path: string, build: string): Owner | null {
  const instanced = instancedJobAt(path, build);
  if (instanced !== undefined) return instanced;
  const parts = path.split('/');
  if (parts.includes('')) return null;
  const [first, second, ...rest] = parts;
  if (first === undefined || second === undefined) return null;
  if (rest.length === 0) return namedJob(null, first, second, build);
  return namedJob(first, second, rest.join('/'), build);
}

/** Undefined where the path holds no instance vars; null where what looks like them is none. */
function instancedJobAt(path: string, build: string): Owner | null | undefined {
  const open = path.indexOf('/{');
  if (open === -1 || !path.includes('}/', open)) return undefined;
  const [team, pipeline, ...more] = path.slice(0, open).split('/');
  if (!team || !pipeline || more.length > 0) return null;
  // The vars may hold `}/`, and so may the job's name: the first end that makes a JSON object of them is theirs.
  for (let close = path.indexOf('}/', open); close !== -1; close = path.indexOf('}/', close + 1)) {
    const json = path.slice(open + 1, close + 1);
    const vars = parseVarsObject(json);
    const job = path.slice(close + 2);
    if (vars === null || job === '') continue;
    return {
      ...namedJob(team, pipeline, job, build),
      instanceVars: vars,
      varsQuery: queryOfInstanceVars(json),
    };
  }
  return null;
}

function namedJob(team: string | null, pipeline: string, job: string, build: string): JobOwner {
  return { kind: 'job', team, pipeline, instanceVars: null, varsQuery: null, job, build, url: null };
}

/**
 * The names in a build URL's path are raw; only its query is encoded. The job is what stands between `/jobs/` and
 * `/builds/`, whatever it holds.
 */
function ownerOfUrl(url: string): Owner {
  const job = JOB_URL.exec(url);
  if (job !== null) {
    const [, team = '', pipeline = '', name = '', build = '', query] = job;
    const owner = { ...namedJob(team, pipeline, name, build), url };
    if (query === undefined || query === '') return owner;
    return { ...owner, instanceVars: instanceVarsOfQuery(query), varsQuery: query };
  }
  const oneOff = ONE_OFF_URL.exec(url);
  if (oneOff !== null) return { kind: 'one-off', build: oneOff[1] ?? '', url };
  return { kind: 'unknown', url };
}
