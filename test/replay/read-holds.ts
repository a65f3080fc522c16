// Reads a lock repository's history as a list of holds: who held which lock from when to when. Shares nothing with
// the product but the reading of messages, so that a mistake in one does not hide in the other.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Owner } from '../../src/core/claim-owner.ts';
import { parseReleaseMessage } from '../../src/core/messages/claim-message.ts';

/** Who did something to a lock. */
export interface Actor {
  readonly owner: Owner;
  /** One build of one job; null for people and for messages without a build. */
  readonly build: string | null;
  /** Team and pipeline of that build. */
  readonly pipeline: string | null;
}

export interface Hold {
  readonly pool: string;
  readonly lock: string;
  readonly claim: string;
  readonly from: number;
  readonly claimant: Actor;
  /** Null while the history ends before the release. */
  readonly to: number | null;
  readonly releaser: Actor | null;
}

export interface History {
  readonly holds: readonly Hold[];
  /** First and last operation of each build, in unix seconds. */
  readonly lives: ReadonlyMap<string, { first: number; last: number }>;
  readonly commits: readonly { readonly commit: string; readonly at: number }[];
}

/** A build's name that turns up again after this long is another build: pipelines are set again. */
const LONGEST_PAUSE = 14 * 86_400;

export async function readHolds(repository: string, branch: string): Promise<History> {
  const git = spawn('git', [
    '-C',
    repository,
    'log',
    '--reverse',
    '--first-parent',
    '-m',
    '--no-renames',
    '--name-status',
    '-z',
    '--format=%x01%H %ct%x02%B%x02',
    branch,
  ]);
  const holds: Hold[] = [];
  const open = new Map<string, Hold>();
  const lives = new Map<string, { first: number; last: number }>();
  const commits: { commit: string; at: number }[] = [];
  const newest = new Map<string, string>();
  let latest = 0;
  for (const record of (await text(git.stdout)).split('\x01').slice(1)) {
    const [head = '', message = '', files = ''] = record.split('\x02');
    const [commit = '', time = '0'] = head.split(' ');
    // Clocks of workers lag; an operation is never older than the one before it.
    latest = Math.max(latest, Number(time));
    commits.push({ commit, at: latest });
    for (const { status, pool, lock } of lockChanges(files)) {
      const path = `${pool}/${lock}`;
      const actor = actorOf(message, lock, latest, { lives, newest });
      if (status === 'A') {
        const hold = { pool, lock, claim: commit, from: latest, claimant: actor, to: null, releaser: null };
        open.set(path, hold);
      } else if (status === 'D') {
        const hold = open.get(path);
        if (hold !== undefined) holds.push({ ...hold, to: latest, releaser: actor });
        open.delete(path);
      }
    }
  }
  return { holds: [...holds, ...open.values()], lives, commits };
}

function lockChanges(files: string): { status: string; pool: string; lock: string }[] {
  const parts = files.split('\0').map((part) => part.replace(/^\n+/, ''));
  const entries = parts.filter((part) => part !== '');
  const changes: { status: string; pool: string; lock: string }[] = [];
  for (let i = 0; i + 1 < entries.length; i += 2) {
    const match = /^(.+?)\/claimed\/([^/.][^/]*)$/s.exec(entries[i + 1] ?? '');
    if (match !== null)
      changes.push({ status: entries[i] ?? '', pool: match[1] ?? '', lock: match[2] ?? '' });
  }
  return changes;
}

interface Lives {
  readonly lives: Map<string, { first: number; last: number }>;
  /** The newest build that went by a name. */
  readonly newest: Map<string, string>;
}

function actorOf(message: string, lock: string, at: number, { lives, newest }: Lives): Actor {
  const owner = parseReleaseMessage(message, lock);
  if (owner.kind !== 'job') return { owner, build: null, pipeline: null };
  const pipeline = JSON.stringify([owner.team ?? 'main', owner.pipeline, owner.instanceVars]);
  const name = `${pipeline} ${owner.job} #${owner.build}`;
  const known = newest.get(name);
  const life = known === undefined ? undefined : lives.get(known);
  const isSame = life !== undefined && at - life.last < LONGEST_PAUSE;
  const build = isSame && known !== undefined ? known : `${name} @${at}`;
  newest.set(name, build);
  lives.set(build, { first: isSame ? (life?.first ?? at) : at, last: at });
  return { owner, build, pipeline };
}
