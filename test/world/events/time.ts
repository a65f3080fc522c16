import type { Random } from '../../storm/random.ts';
import { schedule } from '../site/concourse.ts';
import { holders } from '../truth/stakes.ts';
import { say, standingClaims, type World } from '../types.ts';
import type { EventKind } from './event-kind.ts';
import { pickFrom } from './pick.ts';

/** Seconds: about as long as what Pool Boy waits for, and in between. */
const SPANS = [5, 20, 45, 100, 150, 400, 1000, 4000, 30_000];

export const UP_TO_A_LIMIT = 'time passes up to a limit';

export const TIME_EVENTS: readonly EventKind[] = [
  {
    name: 'time passes',
    weight: 10,
    apply: (world, random) => passTime(world, random.pick(SPANS)),
  },
  { name: 'Concourse schedules', weight: 6, apply: schedule },
  { name: UP_TO_A_LIMIT, weight: 4, apply: passToLimit },
];

/** Just before, or just after, something that Pool Boy waits for has passed. */
function passToLimit(world: World, random: Random): void {
  const claim = pickFrom(random, standingClaims(world));
  if (claim === undefined) return;
  const { stale_after: timeout, handover_timeout: handover = timeout } = world.settings.policy;
  const minutes = random.pick([2, 15, Number(timeout), Number(timeout), Number(handover)]);
  const builds = [...holders(world, claim), ...(claim.by === null ? [] : [claim.by])];
  const ends = builds.flatMap(({ build }) => build.end ?? []);
  const at = random.pick([claim.at, claim.at, ...ends]) + minutes * 60 + random.pick([-5, 5]);
  if (at > world.now) passTime(world, at - world.now);
}

/** Concourse does what it does within seconds, so a longer time cannot pass without it. */
export function passTime(world: World, seconds: number): void {
  if (seconds >= 30) {
    move(world, 10);
    schedule(world);
  }
  const rest = seconds >= 30 ? seconds - 10 : seconds;
  move(world, rest > 60 ? rest - 10 : rest);
  if (rest > 60) {
    schedule(world);
    move(world, 10);
  }
  say(world, `${spelled(seconds)} pass`);
}

function move(world: World, seconds: number): void {
  world.now += seconds;
  world.ci.now = world.now;
}

function spelled(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
