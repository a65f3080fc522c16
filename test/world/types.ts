// What a world knows. Pool Boy sees none of it: only the repository, and what the stand-in answers.
import type { Build, BuildStatus, Ci, InstanceVars, Job, JobConfig, Pipeline } from '../fake-atc/types.ts';
import type { LockRepository } from './site/lock-repository.ts';

/** How the site is set up; nothing of it changes later. */
export type Settings = {
  /** What the pool resource writes into a claim's message. */
  messages: 'url' | 'empty-url' | 'team' | 'no-team' | 'instances';
  policy: Readonly<Record<string, unknown>>;
  pools: Readonly<Record<string, readonly string[]>>;
  /** The account of Pool Boy has a role in these teams, whatever they are called later. */
  roles: readonly string[];
};

/** A job as its pipeline's file has it. */
export type JobShape = {
  config: JobConfig;
  /** A `put` of this resource that takes a lock, first thing after the gets. */
  acquires: string | null;
  /** The last step gives back the lock that it got or took. */
  releases: boolean;
  serial: boolean;
};

/** A claim of a lock, from the commit that made it to the one that ended it. */
export type Claim = {
  commit: string;
  pool: string;
  lock: string;
  at: number;
  message: string;
  /** Null: no build. */
  by: Life | null;
  /** The claim whose release it takes back. */
  restores: Claim | null;
  /** A person made it, and says so. */
  isByHand: boolean;
  /** Whose put came through only after the build had ended. */
  isOrphan: boolean;
  /** `commit`: that which gave it back. */
  end: { at: number; by: 'holder' | 'person' | 'pool-boy'; commit: string } | null;
  /** Until when a person holds it, in unix seconds. */
  heldUntil: number | null;
};

/** A build, as the world knows it: what it took and made stays known whatever the ATC forgets. */
export type Life = {
  build: Build;
  /** What it runs, as its job was when it started. */
  shape: JobShape | null;
  /** As they were when it was loaded: what it writes into a claim's message. */
  names: { team: string; pipeline: string; vars: InstanceVars | null; job: string };
  /** The pool of a put that has no lock yet. */
  waitsFor: { pool: string; resource: string } | null;
  took: Set<Claim>;
  made: Claim | null;
  /** It never ends by itself. */
  hangs: boolean;
};

export type World = {
  now: number;
  ci: Ci;
  repository: LockRepository;
  settings: Settings;
  /** By the job's id. */
  shapes: Map<number, JobShape>;
  lives: Map<Build, Life>;
  claims: Claim[];
  /** The number of commits that were already found, by resource and its scope. */
  checked: Map<string, number>;
  /** What happened, in plain words. */
  story: string[];
};

export type Ended = Exclude<BuildStatus, 'pending' | 'started'>;

export const isPool = (type: string): boolean => type.includes('pool');

/** The lock pool that a resource is of. */
export function poolOf(pipeline: Pipeline, resource: string): string {
  return String(pipeline.resource(resource).source.pool);
}

export function standingClaims(world: World): Claim[] {
  return world.claims.filter((claim) => claim.end === null);
}

export function shapeOf(world: World, job: Job): JobShape | null {
  return world.shapes.get(job.id) ?? null;
}

export function say(world: World, sentence: string): void {
  world.story.push(sentence);
}
