// What events are made of, as people and builds do it.
import type { Build, Job, Pipeline } from '../../fake-atc/types.ts';
import { claimFor, freeLocks, giveBack } from '../site/claim-locks.ts';
import { aliveLives, nameOf, schedule } from '../site/concourse.ts';
import { type Claim, type Ended, type Life, say, shapeOf, standingClaims, type World } from '../types.ts';
import { passTime } from './time.ts';

/** A person does not stack up builds that wait. */
export function triggerJob(world: World, pipeline: Pipeline, job: Job): void {
  if (job.builds.some(({ status }) => status === 'pending')) return;
  const build = pipeline.build(job.name, { status: 'pending', createdBy: 'ada' });
  say(world, `Ada triggers ${nameOf(build)}`);
}

export function rerun(world: World, build: Build): void {
  if (build.pipeline === null || build.job === null) return;
  const again = build.pipeline.build(build.job.name, { status: 'pending', rerunOf: build.rerunOf ?? build });
  say(world, `Ada runs ${nameOf(build)} again, as ${nameOf(again)}`);
}

/** `givesBack`: where the job has such a step, it came to it. */
export function endLife(world: World, life: Life, status: Ended, givesBack: boolean): void {
  const lock = givesBack && life.shape?.releases === true ? lockOf(world, life) : undefined;
  if (lock !== undefined) giveBack(world, lock, 'holder');
  Object.assign(life.build, { status, end: world.now });
  const tail = lock === undefined ? '' : `, after it gave ${lock.pool}/${lock.lock} back`;
  say(world, `${nameOf(life.build)} ${status === 'succeeded' ? 'succeeds' : `is ${status}`}${tail}`);
}

/** By the lock's name, so also one whose release was taken back. */
function lockOf(world: World, { made, took }: Life): Claim | undefined {
  const had = (claim: Claim | null): boolean =>
    claim !== null && (made === claim || took.has(claim) || had(claim.restores));
  return standingClaims(world).find(had);
}

export function pauseJob(world: World, pipeline: Pipeline, job: Job): void {
  if (job.paused) return;
  pipeline.pauseJob(job.name);
  say(world, `Ada pauses ${pipeline.name}/${job.name}`);
}

/** The build of this job that runs; a person starts one where none does. */
export function runJob(world: World, pipeline: Pipeline, job: Job): Life | undefined {
  const running = () => aliveLives(world).find(({ build }) => build.job === job);
  if (running() !== undefined) return running();
  triggerJob(world, pipeline, job);
  schedule(world);
  return running();
}

/** A job takes a lock for those behind it: the claim, or null where it does not come to that. */
export function handOn(world: World, pipeline: Pipeline): Claim | null {
  const job = pipeline.jobs.find((each) => each.active && isTaking(world, each));
  const life = job && runJob(world, pipeline, job);
  const lock = life?.waitsFor && freeLocks(world, life.waitsFor.pool)[0];
  if (!life || !lock) return null;
  passTime(world, 20);
  claimFor(world, life, lock, false);
  passTime(world, 20);
  endLife(world, life, 'succeeded', false);
  return life.made;
}

function isTaking(world: World, job: Job): boolean {
  const shape = shapeOf(world, job);
  return shape !== null && shape.acquires !== null && !shape.releases;
}

/** The jobs that take a lock from those before them. */
export function jobsBehind(pipeline: Pipeline): Job[] {
  return pipeline.jobs.filter((job) => job.active && job.inputs.some(({ passed }) => passed.length > 0));
}

/** More than the ATC shows at once. */
const MANY = 1100;

/** They come to nothing. `start`: null where they are aborted before they start. */
export function addManyBuilds(world: World, pipeline: Pipeline, job: Job, start: number | null): void {
  if (job.builds.length > MANY) return;
  const status = start === null ? 'aborted' : 'failed';
  for (let made = 0; made < MANY; made += 1) pipeline.build(job.name, { status, start, end: world.now });
  const what = start === null ? 'are aborted before they start' : 'fail at once';
  say(world, `${pipeline.name}/${job.name} has ${MANY} builds that ${what}`);
}
