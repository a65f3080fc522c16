import type { Owner } from '../../../src/core/claim-owner.ts';
import type { Operation } from '../../../src/core/history/lock-operation.ts';

let commits = 0;

/** A build as messages name it: `main/deploy/test #2`. */
export function build(text: string): Owner {
  const [, team = '', pipeline = '', job = '', name = ''] =
    /^([^/]+)\/([^/]+)\/(.+) #([\d.]+)$/.exec(text) ?? [];
  return { kind: 'job', team, pipeline, instanceVars: null, varsQuery: null, job, build: name, url: null };
}

export const PERSON: Owner = { kind: 'person' };
export const NOBODY: Owner = { kind: 'unknown', url: null };

/** One operation on `POOL/LOCK`. */
export function operation(
  kind: Operation['kind'],
  path: string,
  at: number | null,
  owner: Owner = build('main/deploy/test #1'),
): Operation {
  const slash = path.lastIndexOf('/');
  commits += 1;
  return {
    kind,
    pool: path.slice(0, slash),
    lock: path.slice(slash + 1),
    at,
    commit: commits.toString(16).padStart(40, '0'),
    owner,
    author: owner.kind === 'person' ? 'Ann' : 'CI Pool Resource',
    otherPool: null,
    byPoolBoy: false,
  };
}

export const claim = (path: string, at: number | null, owner?: Owner) => operation('claim', path, at, owner);
export const release = (path: string, at: number | null, owner?: Owner) =>
  operation('release', path, at, owner);
export const add = (path: string, at: number | null, owner: Owner = PERSON) =>
  operation('add', path, at, owner);
export const remove = (path: string, at: number | null, owner?: Owner) =>
  operation('remove', path, at, owner);

export function releaseByPoolBoy(path: string, at: number | null): Operation {
  return { ...release(path, at, NOBODY), byPoolBoy: true };
}
