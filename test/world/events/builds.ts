import { nextInputs } from '../../fake-atc/model/next-inputs.ts';
import type { Build, Job, Pipeline } from '../../fake-atc/types.ts';
import type { Random } from '../../storm/random.ts';
import { claimFor, freeLocks } from '../site/claim-locks.ts';
import { aliveLives, nameOf } from '../site/concourse.ts';
import { chance } from '../site/pipelines.ts';
import { type Ended, isPool, say, type World } from '../types.ts';
import type { EventKind } from './event-kind.ts';
import { addManyBuilds, endLife, rerun, triggerJob } from './moves.ts';
import { activeJobs, pickFrom } from './pick.ts';

export const BUILD_EVENTS: readonly EventKind[] = [
  { name: 'a lock is claimed', weight: 14, apply: claimOne },
  { name: 'a job is triggered', weight: 10, apply: trigger },
  { name: 'a build ends', weight: 12, apply: endOne },
  { name: 'a build is run again', weight: 4, theme: 'reruns', apply: runAgain },
  { name: 'a waiting build is aborted', weight: 1, apply: abortPending },
  { name: 'a job has many builds', weight: 1, theme: 'busy jobs', apply: makeBusy },
  { name: 'a put that was cut off claims late', weight: 4, theme: 'orphans', apply: claimLate },
  { name: 'a build with a job’s inputs is run by hand', weight: 3, theme: 'one-offs', apply: runOneOff },
];

function claimOne(world: World, random: Random): void {
  const waiting = aliveLives(world).filter(
    ({ waitsFor }) => waitsFor && freeLocks(world, waitsFor.pool).length > 0,
  );
  const life = pickFrom(random, waiting);
  const lock = life?.waitsFor && pickFrom(random, freeLocks(world, life.waitsFor.pool));
  if (life && lock) claimFor(world, life, lock, false);
}

function trigger(world: World, random: Random): void {
  const found = pickFrom(random, activeJobs(world));
  if (found === undefined) return;
  triggerJob(world, found.pipeline, found.job);
}

function endOne(world: World, random: Random): void {
  const life = pickFrom(
    random,
    aliveLives(world).filter(({ hangs }) => !hangs),
  );
  if (life === undefined) return;
  const waits = life.waitsFor !== null;
  const bad: Ended[] = ['failed', 'errored', 'aborted'];
  const status: Ended = waits || chance(random, 3) ? random.pick(bad) : 'succeeded';
  endLife(world, life, status, status === 'succeeded' || chance(random, 4));
}

function runAgain(world: World, random: Random): void {
  const ended = activeJobs(world)
    .flatMap(({ job }) => job.builds)
    .filter((build) => build.end !== null && build.start !== null);
  const build = pickFrom(random, ended);
  if (build !== undefined) rerun(world, build);
}

function abortPending(world: World, random: Random): void {
  const pending = activeJobs(world).flatMap(({ job }) =>
    job.builds.filter(({ status }) => status === 'pending'),
  );
  const build = pickFrom(random, pending);
  if (build === undefined) return;
  Object.assign(build, { status: 'aborted', end: world.now });
  say(world, `Ada aborts ${nameOf(build)} before it starts`);
}

function makeBusy(world: World, random: Random): void {
  const found = pickFrom(random, activeJobs(world));
  if (found !== undefined) addManyBuilds(world, found.pipeline, found.job, null);
}

/** The process of a put outlives its build for a while where the build was aborted, or lost its worker. */
const ORPHAN_LIVES = 1200;

function claimLate(world: World, random: Random): void {
  const orphans = [...world.lives.values()].filter(
    ({ build, waitsFor }) => isOrphan(world, build) && waitsFor !== null,
  );
  const life = pickFrom(random, orphans);
  const lock = life?.waitsFor && pickFrom(random, freeLocks(world, life.waitsFor.pool));
  if (life && lock) claimFor(world, life, lock, true);
}

const isOrphan = (world: World, { status, end }: Build): boolean =>
  (status === 'aborted' || status === 'errored') && end !== null && world.now - end < ORPHAN_LIVES;

function runOneOff(world: World, random: Random): void {
  const found = pickFrom(random, activeJobs(world));
  if (found !== undefined) runWithInputsOf(world, found.pipeline, found.job);
}

/** `fly execute --inputs-from`: nothing but its plan tells what it took. */
export function runWithInputsOf(world: World, pipeline: Pipeline, job: Job): void {
  const next = nextInputs(pipeline, job);
  if (next === null) return;
  const gets = [...next].filter(([, { resource }]) => isPool(resource.type));
  const took = gets.flatMap(([, { saved }]) =>
    world.claims.filter(({ commit }) => commit === saved.version.ref),
  );
  if (took.length === 0) return;
  const steps = gets.map(([name, { resource, saved }], at) => ({
    id: `a${at}`,
    get: { name, type: resource.type, version: saved.version },
  }));
  const plan = { schema: 'exec.v2', plan: { id: 'a', in_parallel: { steps } } };
  const build = world.ci.oneOff(pipeline.team, { pipeline, status: 'started', start: world.now, plan });
  const names = { team: pipeline.team, pipeline: pipeline.name, vars: pipeline.instanceVars, job: '' };
  world.lives.set(build, {
    build,
    shape: null,
    names,
    waitsFor: null,
    took: new Set(took),
    made: null,
    hangs: false,
  });
  say(world, `Ada runs a task with the inputs of ${pipeline.name}/${job.name} by fly execute`);
}
