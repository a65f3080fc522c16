import {
  claimByHand,
  claimWithNonsense,
  freeLocks,
  giveBack,
  hold,
  revertRelease,
} from '../site/claim-locks.ts';
import { say, standingClaims } from '../types.ts';
import type { EventKind } from './event-kind.ts';
import { pickFrom } from './pick.ts';

export const PEOPLE_EVENTS: readonly EventKind[] = [
  {
    name: 'a person claims a lock',
    weight: 2,
    theme: 'by hand',
    apply: (world, random) => {
      const pool = random.pick(Object.keys(world.settings.pools));
      const lock = pickFrom(random, freeLocks(world, pool));
      if (lock !== undefined) claimByHand(world, pool, lock);
    },
  },
  {
    name: 'somebody claims a lock with nonsense',
    weight: 2,
    theme: 'nonsense',
    apply: (world, random) => {
      const pool = random.pick(Object.keys(world.settings.pools));
      const lock = pickFrom(random, freeLocks(world, pool));
      if (lock !== undefined) claimWithNonsense(world, pool, lock, random.below(3));
    },
  },
  {
    name: 'a person gives a lock back',
    weight: 2,
    theme: 'by hand',
    apply: (world, random) => {
      const claim = pickFrom(
        random,
        standingClaims(world).filter(({ by }) => by === null),
      );
      if (claim === undefined) return;
      giveBack(world, claim, 'person');
      say(world, `Ada gives ${claim.pool}/${claim.lock} back`);
    },
  },
  {
    name: 'a person takes a release back',
    weight: 4,
    theme: 'reverts',
    apply: (world, random) => {
      const free = Object.keys(world.settings.pools).flatMap((pool) =>
        freeLocks(world, pool).map((lock) => `${pool}/${lock}`),
      );
      const released = world.claims.filter(
        ({ pool, lock, end }) => end?.by === 'pool-boy' && free.includes(`${pool}/${lock}`),
      );
      // Only the newest claim of a lock: older ones would be taken back over later ones.
      const newest = released.filter(
        (claim) => !world.claims.some((other) => other.at > claim.at && other.lock === claim.lock),
      );
      const claim = pickFrom(random, newest);
      if (claim?.end) revertRelease(world, claim, claim.end.commit);
    },
  },
  {
    name: 'a person holds a lock',
    weight: 3,
    theme: 'holds',
    apply: (world, random) => {
      const claim = pickFrom(random, standingClaims(world));
      if (claim !== undefined) hold(world, claim, world.now + random.pick([600, 7200, 100_000]));
    },
  },
];
