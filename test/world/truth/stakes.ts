// What is true of a claim, from the world alone: who has it, who can still come to take it, and until when nobody may
// give it away. Nothing here asks Concourse or Pool Boy.
import { nextVersion, versionsInLine } from '../../fake-atc/model/next-inputs.ts';
import { isAlive } from '../../fake-atc/model/order-builds.ts';
import { findVersion } from '../../fake-atc/model/versions.ts';
import type { Job, Pipeline } from '../../fake-atc/types.ts';
import { nameOf } from '../site/concourse.ts';
import type { Claim, Life, World } from '../types.ts';

/** Somebody who has a claim, or can come to have it. */
export type Stake = {
  kind: /** A build that runs and has it. */
    | 'has it'
    /** A rerun that waits, and takes what the build before it took. */
    | 'waits to take it again'
    /** A job that takes it next, and has a build that waits. */
    | 'is about to take it'
    /** A job that takes it next, once it is triggered, unpaused, or has its other inputs. */
    | 'is next'
    /** A job or a build that has had it, and takes it again if somebody says so: the timeout decides there. */
    | 'can be run again';
  who: string;
  /** Why nobody who asks Concourse can see it; null where somebody can. */
  unseen: string | null;
};

export function stakesIn(world: World, claim: Claim): Stake[] {
  const before = claim.restores === null ? [] : stakesIn(world, claim.restores);
  return [
    // Whoever runs with the lock goes on with it once its release is taken back.
    ...before.filter(({ kind }) => kind === 'has it'),
    ...holders(world, claim).flatMap((life) => stakeOf(world, claim, life)),
    ...comingTakers(world, claim),
  ];
}

/** Everybody who ever had it, its maker first. */
export function holders(world: World, claim: Claim): Life[] {
  const lives = [...world.lives.values()];
  const maker = lives.filter(({ made }) => made === claim);
  return [...maker, ...lives.filter(({ made, took }) => made !== claim && took.has(claim))];
}

/** Those that run and never end. */
export function hungLives(world: World): Life[] {
  return [...world.lives.values()].filter(({ build, hangs }) => hangs && isAlive(build));
}

export const OUT_OF_SIGHT = 'its versions are out of sight';

/** Why what this build had to do with the claim is out of sight; null where it is not. */
export function whyUnseen(world: World, claim: Claim, life: Life): string | null {
  const { build } = life;
  if (!world.ci.builds.includes(build)) return 'its pipeline is destroyed';
  if (!maySee(world, build.team, build.pipeline)) return 'the account has no role there';
  const entries = [...build.inputs, ...build.outputs].filter(
    ({ saved }) => saved.version.ref === claim.commit,
  );
  if (build.job === null && life.took.has(claim))
    return isAlive(build) ? null : 'only its plan names the claim';
  const isKnown = entries.some(({ resource }) => findVersion(resource, { ref: claim.commit }) !== undefined);
  return isKnown ? null : OUT_OF_SIGHT;
}

function stakeOf(world: World, claim: Claim, life: Life): Stake[] {
  const who = nameOf(life.build);
  if (!isAlive(life.build)) {
    return life.took.has(claim) && life.build.job?.active === true
      ? [{ kind: 'can be run again', who, unseen: whyUnseen(world, claim, life) }]
      : [];
  }
  return [{ kind: 'has it', who, unseen: unseenWhileAlive(world, claim, life) }];
}

/** The plan of a build that runs names what it took, whatever its resource shows. What it made is in no plan. */
function unseenWhileAlive(world: World, claim: Claim, life: Life): string | null {
  const why = whyUnseen(world, claim, life);
  if (why !== OUT_OF_SIGHT) return why;
  if (life.took.has(claim)) return null;
  return isUnderItsName(world, life) ? null : `${why}, and its name is another one by now`;
}

/** Whether the claim's message still leads to it. */
export function isUnderItsName({ settings }: World, { build, names }: Life): boolean {
  if (settings.messages === 'empty-url') return false;
  const { pipeline, job } = build;
  return (
    pipeline?.name === names.pipeline && pipeline.team === names.team && job?.name === names.job && job.active
  );
}

function comingTakers(world: World, claim: Claim): Stake[] {
  return world.ci.pipelines
    .filter(({ archived }) => !archived)
    .flatMap((pipeline) =>
      pipeline.jobs
        .filter(({ active }) => active)
        .flatMap((job) => [
          ...pendingReruns(world, claim, pipeline, job),
          ...nextBuild(world, claim, pipeline, job),
        ]),
    );
}

function pendingReruns(world: World, claim: Claim, pipeline: Pipeline, job: Job): Stake[] {
  return job.builds
    .filter(({ status, rerunOf }) => status === 'pending' && rerunOf !== null && hadIt(rerunOf, claim))
    .map((build) => ({
      kind: 'waits to take it again',
      who: nameOf(build),
      unseen: unseenNext(world, claim, pipeline, build.rerunOf),
    }));
}

/** What a build of the job would take, once all that keeps it from starting is gone. */
function nextBuild(world: World, claim: Claim, pipeline: Pipeline, job: Job): Stake[] {
  const takes = job.inputs.some((input) => {
    const resource = pipeline.resource(input.resource);
    const saved = findVersion(resource, { ref: claim.commit });
    // Without `passed` it takes the newest version, and by then that is the one of the release.
    if (saved === undefined || input.passed.length === 0) return false;
    // While a person has pinned a version no other is in line.
    return input.version === 'every' && resource.pinned === null
      ? versionsInLine(pipeline, job, input).includes(saved)
      : nextVersion(pipeline, job, input) === saved;
  });
  if (!takes) return [];
  const waiting = job.builds.find(({ status, rerunOf }) => status === 'pending' && rerunOf === null);
  const hasHadIt = job.builds.some((build) => hadIt(build, claim));
  const kind = waiting !== undefined ? 'is about to take it' : hasHadIt ? 'can be run again' : 'is next';
  const who = waiting ? nameOf(waiting) : `job ${pipeline.name}/${job.name}`;
  return [{ kind, who, unseen: unseenNext(world, claim, pipeline, null) }];
}

const hadIt = (
  build: { inputs: readonly { saved: { version: { ref?: string } } }[] },
  claim: Claim,
): boolean => build.inputs.some(({ saved }) => saved.version.ref === claim.commit);

function unseenNext(
  world: World,
  claim: Claim,
  pipeline: Pipeline,
  original: Life['build'] | null,
): string | null {
  // The next inputs of a job need the role, also where its pipeline is public.
  if (!hasRole(world, pipeline.team)) return 'the account has no role there';
  const life = original && world.lives.get(original);
  if (life) return whyUnseen(world, claim, life);
  return null;
}

/** Of the account, in the team that is called so now. */
export function hasRole({ ci }: World, team: string): boolean {
  return ci.accounts.some(({ roles }) => roles[team] !== undefined);
}

function maySee(world: World, team: string, pipeline: Pipeline | null): boolean {
  return hasRole(world, team) || pipeline?.public === true;
}
