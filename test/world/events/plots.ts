// Several moves in a row, each of which would seldom follow the other by chance.
import { isAlive } from '../../fake-atc/model/order-builds.ts';
import type { Build, Job, Pipeline } from '../../fake-atc/types.ts';
import type { Random } from '../../storm/random.ts';
import { claimFor, freeLocks } from '../site/claim-locks.ts';
import { aliveLives, nameOf } from '../site/concourse.ts';
import { chance } from '../site/pipelines.ts';
import { type Ended, type Life, say, type World } from '../types.ts';
import { runWithInputsOf } from './builds.ts';
import type { EventKind } from './event-kind.ts';
import { addManyBuilds, endLife, handOn, jobsBehind, pauseJob, rerun, runJob, triggerJob } from './moves.ts';
import { livePipelines, pickFrom } from './pick.ts';
import {
  isFree,
  renameInput,
  renameJob,
  renamePipeline,
  setWithPassed,
  takeName,
  waitsForLock,
} from './pipelines.ts';
import { passTime } from './time.ts';

export const PLOTS: readonly EventKind[] = [
  plot('a lock is handed on', 4, undefined, (world, pipeline) => {
    handOn(world, pipeline);
  }),
  plot('several locks are handed on, and one is taken', 3, 'hand-overs', handOnSeveral),
  plot('a build hangs for days, and many come after it', 4, 'busy jobs', hangForDays),
  plot('a build is run by hand, and many builds come after it', 4, 'busy jobs', (world, pipeline, random) => {
    handOn(world, pipeline);
    const job = pickFrom(random, jobsBehind(pipeline));
    if (job === undefined) return;
    runWithInputsOf(world, pipeline, job);
    addManyBuilds(world, pipeline, job, null);
  }),
  plot('a lock is handed on to a job that was paused before', 3, 'pauses', (world, pipeline, random) => {
    takeHandedOn(world, pipeline, random);
    const job = pickFrom(random, jobsBehind(pipeline));
    if (job !== undefined) pauseJob(world, pipeline, job);
    handOn(world, pipeline);
  }),
  plot('a build waits in a job that is paused', 3, 'pauses', (world, pipeline, random) => {
    handOn(world, pipeline);
    const job = pickFrom(random, jobsBehind(pipeline));
    if (job === undefined) return;
    const life = chance(random, 2) ? runJob(world, pipeline, job) : undefined;
    if (life !== undefined) endLife(world, life, 'failed', false);
    pauseJob(world, pipeline, job);
    triggerJob(world, pipeline, job);
  }),
  plot('an input step of a paused job is renamed', 3, 'removals', (world, pipeline, random) => {
    handOn(world, pipeline);
    const job = pickFrom(random, jobsBehind(pipeline));
    if (job === undefined) return;
    pauseJob(world, pipeline, job);
    renameInput(world, { pipeline, job });
  }),
  plot('a job that took from another pipeline is set with passed', 3, 'removals', takeFreelyBefore),
  plot('a build of a paused job is run again', 4, 'reruns', rerunWhilePaused),
  plot('credentials are rotated while a build has a lock', 3, 'rotations', (world, pipeline, random) => {
    const holder = pickFrom(
      random,
      aliveLives(world).filter(({ build, made }) => build.pipeline === pipeline && made !== null),
    );
    if (holder !== undefined) rotate(world, pipeline, holder.build.outputs);
  }),
  plot('a build is cut off, and its put claims late', 4, 'orphans', cutOff),
  plot('a job is renamed after it handed a lock on', 3, 'renames', (world, pipeline) => {
    const job = handOn(world, pipeline)?.by?.build.job;
    if (job?.active) renameJob(world, pipeline, job);
  }),
  plot('a name changes hands, and versions are out of sight', 4, 'renames', changeHandsUnseen),
];

type Plot = (world: World, pipeline: Pipeline, random: Random) => void;

function plot(name: string, weight: number, theme: string | undefined, apply: Plot): EventKind {
  return {
    name,
    weight,
    ...(theme !== undefined && { theme }),
    apply: (world, random) => {
      const pipeline = pickFrom(random, livePipelines(world));
      if (pipeline !== undefined) apply(world, pipeline, random);
    },
  };
}

/** With `version: every` they are taken one after the other. */
function handOnSeveral(world: World, pipeline: Pipeline, random: Random): void {
  takeHandedOn(world, pipeline, random);
  handOn(world, pipeline);
  handOn(world, pipeline);
}

function takeHandedOn(world: World, pipeline: Pipeline, random: Random): void {
  handOn(world, pipeline);
  const job = pickFrom(random, jobsBehind(pipeline));
  const life = job && runJob(world, pipeline, job);
  if (life !== undefined) endLife(world, life, 'succeeded', true);
}

/** Whoever looks at all that runs has to go back behind more builds than the ATC shows at once. */
function hangForDays(world: World, pipeline: Pipeline, random: Random): void {
  const running = aliveLives(world).filter(({ build }) => build.pipeline === pipeline && build.job?.active);
  const life = pickFrom(random, running);
  const job = life?.build.job;
  if (!life || !job) return;
  Object.assign(life, { hangs: true, waitsFor: null });
  say(world, `${nameOf(life.build)} hangs`);
  if (chance(random, 2)) rotate(world, pipeline, life.build.inputs);
  addManyBuilds(world, pipeline, job, world.now);
  passTime(world, 2 * 86_400);
}

/** The job behind it can still take what it took before its pipeline was set again. */
function takeFreelyBefore(world: World, pipeline: Pipeline, random: Random): void {
  const from = pickFrom(
    random,
    livePipelines(world).filter((other) => other !== pipeline),
  );
  const job = pipeline.jobs.find((one) => one.active && one.inputs.some((input) => isFree(pipeline, input)));
  if (from === undefined || job === undefined) return;
  handOn(world, from);
  const life = runJob(world, pipeline, job);
  if (life !== undefined) endLife(world, life, 'succeeded', false);
  for (const behind of jobsBehind(pipeline)) pauseJob(world, pipeline, behind);
  setWithPassed(world, pipeline, job);
}

/** It waits, and will take what the build before it took. */
function rerunWhilePaused(world: World, pipeline: Pipeline, random: Random): void {
  const took = ({ build, took: claims }: Life) =>
    build.pipeline === pipeline && !isAlive(build) && [...claims].some(({ end }) => end === null);
  const life = pickFrom(random, [...world.lives.values()].filter(took));
  const job = life?.build.job;
  if (!life || !job?.active) return;
  pauseJob(world, pipeline, job);
  rerun(world, life.build);
}

function cutOff(world: World, pipeline: Pipeline, random: Random): void {
  const life = waitsForLock(world, pipeline);
  const lock = life?.waitsFor && freeLocks(world, life.waitsFor.pool)[0];
  if (!life || !lock) return;
  endLife(world, life, random.pick<Ended>(['aborted', 'errored']), false);
  passTime(world, random.pick([100, 400, 1000]));
  if (freeLocks(world, life.waitsFor?.pool ?? '').includes(lock)) claimFor(world, life, lock, true);
  // From the end of the build the timeout has passed by now, from the claim it has not.
  const over = (life.build.end ?? 0) + Number(world.settings.policy.stale_after) * 60 + 5;
  if (chance(random, 2)) passTime(world, over - world.now);
}

function rotate(world: World, pipeline: Pipeline, [version]: Build['outputs']): void {
  if (version === undefined) return;
  pipeline.rotateCredentials(version.resource.name);
  say(world, `Ada rotates the credentials of ${pipeline.name}’s ${version.resource.name}`);
}

/** Whoever has the claim's name now ran at about its time, and nothing shows who made it. */
function changeHandsUnseen(world: World, pipeline: Pipeline, random: Random): void {
  const life = waitsForLock(world, pipeline);
  const lock = life?.waitsFor && freeLocks(world, life.waitsFor.pool)[0];
  const job = life?.build.job;
  if (!life || !lock || !job?.active) return;
  renamePipeline(world, pipeline);
  const heir = takeName(world, pipeline);
  if (heir === null) return;
  const runTwin = () => runUpTo(world, heir, heir.job(job.name), Number(life.build.name));
  const isFirst = chance(random, 2);
  let twin = isFirst ? runTwin() : undefined;
  // It can get a lock of its own.
  const other = twin?.waitsFor && freeLocks(world, twin.waitsFor.pool).find((name) => name !== lock);
  if (twin && other) claimFor(world, twin, other, false);
  claimFor(world, life, lock, false);
  rotate(world, pipeline, life.build.outputs);
  passTime(world, 40);
  if (!isFirst) twin = runTwin();
  if (twin !== undefined) endLife(world, twin, 'failed', false);
}

/** Runs the build with this number; those before it are aborted before they start. */
function runUpTo(world: World, pipeline: Pipeline, job: Job, number: number): Life | undefined {
  for (let next = job.lastBuildNumber + 1; next < number; next += 1) {
    pipeline.build(job.name, { status: 'aborted', start: null, end: world.now });
  }
  return runJob(world, pipeline, job);
}
