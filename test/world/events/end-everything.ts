import { isAlive } from '../../fake-atc/model/order-builds.ts';
import type { Random } from '../../storm/random.ts';
import { chance } from '../site/pipelines.ts';
import { hungLives } from '../truth/stakes.ts';
import { type Ended, say, type World } from '../types.ts';
import { endLife } from './moves.ts';
import { passTime } from './time.ts';

/** Seconds: longer than every timeout and hold of a world. */
const FOREVER = 20 * 86_400;

/**
 * Every build of a job ends, but for those that hang; pipelines are archived or destroyed, and a long time passes: nobody can want a lock. Where
 * a job that only waits keeps one for a while and no longer, pipelines may also stay, paused.
 */
export function endEverything(world: World, random: Random): void {
  say(world, 'Everything ends');
  const hung = new Set(hungLives(world).map(({ build }) => build));
  for (const life of world.lives.values()) {
    if (isAlive(life.build) && !life.hangs)
      endLife(world, life, random.pick<Ended>(['succeeded', 'failed', 'errored', 'aborted']), false);
  }
  for (const build of world.ci.builds) {
    // A check that hangs holds nothing.
    if (isAlive(build) && build.resource === null && !hung.has(build))
      Object.assign(build, { status: 'aborted', end: world.now });
  }
  for (const pipeline of [...world.ci.pipelines]) {
    if ([...hung].some((build) => build.pipeline === pipeline)) pipeline.archive();
    else if (world.settings.policy.handover_timeout !== undefined && chance(random, 2)) pipeline.pause();
    else if (chance(random, 2)) pipeline.archive();
    else pipeline.destroy();
  }
  passTime(world, FOREVER);
}
