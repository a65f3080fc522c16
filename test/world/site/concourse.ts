// What Concourse does by itself in a world: checks resources, makes builds for new inputs, and starts those that wait.
import { nextInputs } from '../../fake-atc/model/next-inputs.ts';
import { isAlive } from '../../fake-atc/model/order-builds.ts';
import type { Build, Job, Pipeline, Resource } from '../../fake-atc/types.ts';
import { type Claim, isPool, type Life, poolOf, say, shapeOf, type World } from '../types.ts';

/** One round of the scheduler and the checker. */
export function schedule(world: World): void {
  for (const pipeline of world.ci.pipelines) {
    if (pipeline.paused) continue;
    for (const resource of triggering(pipeline)) check(world, pipeline, resource);
    for (const job of pipeline.jobs) {
      if (!job.active || job.paused) continue;
      if (wantsBuild(pipeline, job)) pipeline.build(job.name, { status: 'pending' });
      startNext(world, pipeline, job);
    }
  }
}

/** Only what triggers a job is checked by itself; the rest, before a build needs it. */
function triggering(pipeline: Pipeline): Resource[] {
  const jobs = pipeline.jobs.filter((job) => job.active);
  const names = new Set(
    jobs.flatMap(({ inputs }) => inputs).flatMap((input) => (input.trigger ? input.resource : [])),
  );
  return pipeline.resources.filter((resource) => resource.active && names.has(resource.name));
}

/** The pool resource finds every commit that touches its pool; with a new source, the newest one alone. */
export function check(world: World, pipeline: Pipeline, resource: Resource): void {
  if (!isPool(resource.type)) return;
  const pool = poolOf(pipeline, resource.name);
  const commits = world.repository.commits.filter(({ pools }) => pools.includes(pool));
  const key = `${resource.id}/${resource.scope}`;
  const from = world.checked.get(key) ?? commits.length - 1;
  for (const { id } of commits.slice(from)) pipeline.found(resource.name, { ref: id });
  world.checked.set(key, commits.length);
}

/** A version that triggers and that no build of the job has had; one waiting build is enough. */
function wantsBuild(pipeline: Pipeline, job: Job): boolean {
  if (job.builds.some((build) => build.status === 'pending' && build.rerunOf === null)) return false;
  const next = nextInputs(pipeline, job);
  if (next === null) return false;
  return job.inputs.some((input) => {
    const stored = next.get(input.name);
    if (!input.trigger || stored === undefined) return false;
    const { ref } = stored.saved.version;
    return !job.builds.some((build) =>
      build.inputs.some(({ name, saved }) => name === input.name && saved.version.ref === ref),
    );
  });
}

/** The oldest waiting build of a job, unless a serial one is at work. */
function startNext(world: World, pipeline: Pipeline, job: Job): void {
  const shape = shapeOf(world, job);
  const isBusy = job.builds.some((build) => build.status === 'started');
  if (shape?.serial === true && isBusy) return;
  const waiting = job.builds.filter((build) => build.status === 'pending').toSorted((a, b) => a.id - b.id);
  for (const build of waiting) {
    if (start(world, pipeline, job, build) && shape?.serial === true) return;
  }
}

function start(world: World, pipeline: Pipeline, job: Job, build: Build): boolean {
  for (const { resource } of job.inputs) check(world, pipeline, pipeline.resource(resource));
  const inputs = inputsOf(pipeline, job, build);
  if (inputs === null) return false;
  Object.assign(build, { status: 'started', start: world.now });
  build.inputs = inputs;
  const shape = shapeOf(world, job);
  const took = inputs.map(({ saved }) => world.claims.find(({ commit }) => commit === saved.version.ref));
  const life: Life = {
    build,
    shape,
    names: { team: pipeline.team, pipeline: pipeline.name, vars: pipeline.instanceVars, job: job.name },
    waitsFor:
      shape?.acquires == null ? null : { pool: poolOf(pipeline, shape.acquires), resource: shape.acquires },
    took: new Set(took.filter((claim): claim is Claim => claim !== undefined)),
    made: null,
    hangs: false,
  };
  world.lives.set(build, life);
  const standing = [...life.took].filter((claim) => claim.end === null);
  const takes = standing.map(({ pool, lock }) => `, which takes ${pool}/${lock}`).join('');
  say(
    world,
    `${nameOf(build)} starts${takes}${life.waitsFor ? `, and waits for a lock of ${life.waitsFor.pool}` : ''}`,
  );
  return true;
}

function inputsOf(pipeline: Pipeline, job: Job, build: Build): Build['inputs'] | null {
  if (build.rerunOf !== null) return [...build.rerunOf.inputs];
  const next = nextInputs(pipeline, job);
  if (next === null) return null;
  return [...next].map(([name, { resource, saved }]) => ({ name, resource, saved }));
}

/** As a person would say it: pipeline/job #name. */
export function nameOf({ pipeline, job, name, id }: Build): string {
  if (job === null) return `one-off build ${id}`;
  const vars = pipeline?.instanceVars ? JSON.stringify(pipeline.instanceVars) : '';
  return `${pipeline?.name}${vars}/${job.name} #${name}`;
}

export const aliveLives = (world: World): Life[] =>
  [...world.lives.values()].filter(({ build }) => isAlive(build));
