import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../failures/explain-outcome.ts';
import { type Clone, HEAD_REF } from './clone.ts';
import { noBranch } from './list-refs.ts';
import { REMOTE } from './remote.ts';

/** How much of the history a fetch asks for: to this depth, more than is there, or what is new. */
export type Amount =
  | { readonly kind: 'to-depth'; readonly commits: number }
  | { readonly kind: 'deepen'; readonly commits: number }
  | { readonly kind: 'news' };

const FETCH = [
  'fetch',
  // Names and ids are enough for everything here. A server that cannot filter sends the contents, too.
  '--filter=blob:none',
  '--progress',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  '--update-shallow',
];

/** One contact with the remote, where it does not fail; gives the branch's head commit. */
export function fetchBranch(clone: Clone, branch: string, amount: Amount): Promise<string> {
  return clone.retrying(() => fetchOnce(clone, branch, amount));
}

async function fetchOnce(clone: Clone, branch: string, amount: Amount): Promise<string> {
  const refspec = `+refs/heads/${branch}:${HEAD_REF}`;
  const outcome = await clone.remoteGit({ args: [...FETCH, ...depthOption(amount), REMOTE, refspec] });
  if (outcome.status !== 0) {
    const failure = failureOf(outcome, { ...clone.context, branch });
    throw failure.kind === 'no-branch'
      ? await noBranch(clone.remoteGit, clone.context, branch)
      : await clone.explain(failure);
  }
  return readFileSync(join(clone.directory, HEAD_REF), 'latin1').trim();
}

function depthOption(amount: Amount): string[] {
  switch (amount.kind) {
    case 'to-depth':
      return [`--depth=${amount.commits}`];
    case 'deepen':
      return [`--deepen=${amount.commits}`];
    case 'news':
      return [];
  }
}
