import { schedule } from '../site/concourse.ts';
import { say, type World } from '../types.ts';
import type { EventKind } from './event-kind.ts';

/** Seconds: about as long as what Pool Boy waits for, and in between. */
const SPANS = [5, 20, 45, 100, 150, 400, 1000, 4000, 30_000];

export const TIME_EVENTS: readonly EventKind[] = [
  {
    name: 'time passes',
    weight: 10,
    apply: (world, random) => passTime(world, random.pick(SPANS)),
  },
  { name: 'Concourse schedules', weight: 6, apply: schedule },
];

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
