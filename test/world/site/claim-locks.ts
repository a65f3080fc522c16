// How locks are claimed and given back: by builds in the pool resource's words, and by people.

import type { Life, World } from '../types.ts';
import { type Claim, say, standingClaims } from '../types.ts';
import { nameOf } from './concourse.ts';

/** A waiting put gets a lock. Its version is saved as an output, unless the build has ended by then. */
export function claimFor(world: World, life: Life, lock: string, isOrphan: boolean): void {
  const wait = life.waitsFor;
  if (wait === null) return;
  const message = claimMessage(world, life, lock);
  const commit = world.repository.move(wait.pool, lock, 'claimed', { at: world.now, message });
  const claim = addClaim(world, {
    commit,
    pool: wait.pool,
    lock,
    message,
    by: life,
    isByHand: false,
    isOrphan,
  });
  life.waitsFor = null;
  say(
    world,
    `${nameOf(life.build)} claims ${wait.pool}/${lock} as ${shown(message)}${isOrphan ? ', though it has ended' : ''}`,
  );
  if (isOrphan) return;
  life.made = claim;
  const { pipeline } = life.build;
  if (pipeline === null) return;
  pipeline.addOutput(life.build, { resource: wait.resource, version: { ref: commit } });
}

export function claimByHand(world: World, pool: string, lock: string): void {
  const message = `manually claiming: ${lock}`;
  const commit = world.repository.move(pool, lock, 'claimed', { at: world.now, message, author: PERSON });
  addClaim(world, { commit, pool, lock, message, by: null, isByHand: true, isOrphan: false });
  say(world, `Ada claims ${pool}/${lock} by hand`);
}

/** As `git revert` of a release: the lock is in `claimed` again, and somebody needs it. */
export function revertRelease(world: World, released: Claim, release: string): void {
  const { pool, lock } = released;
  const message = `Revert "unclaiming: ${lock}"\n\nThis reverts commit ${release}.`;
  const commit = world.repository.move(pool, lock, 'claimed', { at: world.now, message, author: PERSON });
  const restores = released;
  addClaim(world, { commit, pool, lock, message, by: null, restores, isByHand: true, isOrphan: false });
  say(world, `Ada takes the release of ${pool}/${lock} back with git revert`);
}

/** Anybody with push rights can write what no build would: numbers and vars that Concourse refuses. */
export function claimWithNonsense(world: World, pool: string, lock: string, which: number): void {
  const messages = [
    `claiming: ${lock}\nBuild URL: ${EXTERNAL_URL}/builds/99999999999999999999`,
    `one-off build 99999999999999999999 claiming: ${lock}`,
    `claiming: ${lock}\nBuild URL: ${EXTERNAL_URL}/teams/main/pipelines/deploy/jobs/take/builds/1?vars.a=nonsense`,
  ];
  const message = messages[which % messages.length] ?? '';
  const commit = world.repository.move(pool, lock, 'claimed', { at: world.now, message, author: PERSON });
  addClaim(world, { commit, pool, lock, message, by: null, isByHand: false, isOrphan: false });
  say(world, `Somebody claims ${pool}/${lock} as ${shown(message)}`);
}

export function giveBack(world: World, claim: Claim, by: 'holder' | 'person' | 'pool-boy'): void {
  const { pool, lock, commit: of } = claim;
  // A revert of it leads back to the claim.
  const trailers = by === 'pool-boy' ? `\n\nReleased-By: pool-boy\nClaim: ${of}` : '';
  const message = `unclaiming: ${lock}${trailers}`;
  const author = by === 'person' ? { author: PERSON } : {};
  const commit = world.repository.move(pool, lock, 'unclaimed', { at: world.now, message, ...author });
  claim.end = { at: world.now, by, commit };
}

/** A commit that changes no file, with the trailers of a hold. */
export function hold(world: World, claim: Claim, until: number): void {
  const { pool, lock, commit } = claim;
  const time = new Date(until * 1000).toISOString();
  const trailers = `Hold: ${pool}/${lock}@${commit}\nHold-Until: ${time}`;
  world.repository.empty({
    at: world.now,
    author: PERSON,
    message: `holding ${lock} until ${time}\n\nlooking at it\n\n${trailers}`,
  });
  claim.heldUntil = until;
  say(world, `Ada holds ${pool}/${lock} until ${time}`);
}

export function freeLocks(world: World, pool: string): string[] {
  const taken = standingClaims(world).filter((claim) => claim.pool === pool);
  return world.repository.free(pool).filter((lock) => !taken.some((claim) => claim.lock === lock));
}

const PERSON = 'Ada <ada@example.com>';

type NewClaim = Omit<Claim, 'at' | 'end' | 'heldUntil' | 'restores'> & { restores?: Claim };

function addClaim(world: World, claim: NewClaim): Claim {
  const added: Claim = { restores: null, ...claim, at: world.now, end: null, heldUntil: null };
  world.claims.push(added);
  return added;
}

function claimMessage(world: World, { build, names }: Life, lock: string): string {
  const { team, pipeline, vars, job } = names;
  const claiming = `claiming: ${lock}`;
  switch (world.settings.messages) {
    case 'url': {
      const query = Object.entries(vars ?? {}).map(
        ([key, value]) => `vars.${key}=${encodeURIComponent(JSON.stringify(value))}`,
      );
      const path = `teams/${team}/pipelines/${pipeline}/jobs/${job}/builds/${build.name}`;
      return `${claiming}\nBuild URL: ${EXTERNAL_URL}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    }
    case 'empty-url':
      return `${claiming}\nBuild URL: `;
    case 'instances': {
      const instance = vars === null ? pipeline : `${pipeline}/${JSON.stringify(vars)}`;
      return `${team}/${instance}/${job} build ${build.name} ${claiming}`;
    }
    case 'team':
      return `${team}/${pipeline}/${job} build ${build.name} ${claiming}`;
    case 'no-team':
      return `${pipeline}/${job} build ${build.name} ${claiming}`;
  }
}

export const EXTERNAL_URL = 'https://ci.example.com';

const shown = (message: string): string => JSON.stringify(message.split('\n').at(-1) ?? '');
