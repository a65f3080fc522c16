// Who was alive at one moment of a lock repository's history, as a Concourse would have shown it: a build lives from
// its first to its last operation. Who later releases somebody else's claim is the next job in that pipeline, waiting
// or running from the claim on; in another pipeline, running.
import { ciModel } from '../fake-atc/model.ts';
import type { BuildConfig, BuildVersionConfig, Ci, JobConfig, Pipeline } from '../fake-atc/types.ts';
import type { Actor, History, Hold } from './read-holds.ts';

export const EXTERNAL_URL = 'https://ci.funtime.lol';
export const ANONYMOUS = { team: 'main', pipeline: 'before-2015', job: 'unnamed' };

export interface Moment {
  readonly ci: Ci;
  /** What each open claim's fate is going to be, by claim commit. */
  readonly open: ReadonlyMap<string, readonly Hold[]>;
}

interface DraftBuild {
  readonly job: string;
  readonly name: string;
  readonly config: BuildConfig;
  readonly inputs: BuildVersionConfig[];
  readonly outputs: BuildVersionConfig[];
}

interface DraftPipeline {
  readonly team: string;
  readonly name: string;
  readonly instanceVars: Readonly<Record<string, unknown>> | null;
  readonly jobs: Map<string, { inputs: Map<string, Set<string>>; outputs: Set<string> }>;
  readonly builds: Map<string, DraftBuild>;
  readonly removed: Set<string>;
  readonly paused: Set<string>;
}

/** Half of what nobody can know is drawn by a hash: the same in each run, and spread over the history. */
function draw(text: string, sides: number): number {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619);
  return (hash >>> 0) % sides;
}

export function modelAt(history: History, openHolds: readonly Hold[], at: number): Moment {
  const pipelines = new Map<string, DraftPipeline>();
  const newestClaims = new Map<string, string>();
  for (const hold of openHolds)
    newestClaims.set(`${hold.claimant.pipeline} ${jobOf(hold.claimant)} ${hold.pool}`, hold.claim);
  for (const hold of openHolds) draftHold(hold, { history, at, pipelines, newestClaims });
  const teams = [...new Set([...pipelines.values()].map(({ team }) => team))];
  const ci = ciModel({
    now: at,
    externalUrl: EXTERNAL_URL,
    accounts: [{ username: 'pool-boy', roles: Object.fromEntries(teams.map((team) => [team, 'viewer'])) }],
  });
  for (const draft of pipelines.values()) build(ci, draft);
  const open = new Map<string, Hold[]>();
  for (const hold of openHolds) open.set(hold.claim, [...(open.get(hold.claim) ?? []), hold]);
  return { ci, open };
}

interface Around {
  readonly history: History;
  readonly at: number;
  readonly pipelines: Map<string, DraftPipeline>;
  readonly newestClaims: ReadonlyMap<string, string>;
}

function draftHold(hold: Hold, around: Around): void {
  const { claimant, releaser, pool, claim } = hold;
  if (claimant.owner.kind === 'person') return;
  const version = { resource: pool, version: { ref: claim } };
  if (claimant.build === null) {
    draftAnonymous(hold, around);
    return;
  }
  const { pipelines, at, history } = around;
  const pipeline = pipelineOf(claimant, pipelines);
  const job = jobIn(pipeline, jobOf(claimant));
  job.outputs.add(pool);
  const life = history.lives.get(claimant.build) ?? { first: hold.from, last: hold.from };
  const handsOn =
    releaser?.build !== null && releaser?.build !== undefined && releaser.build !== claimant.build;
  const ends = Math.max(life.last, hold.from) + 1;
  if (isBuiltElsewhere(hold)) {
    // The equal pipeline here once had a build of that name, which died long before.
    const [start, end] = [hold.from - 3_600, hold.from - 1_800];
    buildIn(pipeline, claimant, { status: 'failed', start, end });
    return;
  }
  const alive = at <= ends;
  const made = buildIn(pipeline, claimant, {
    status: alive ? 'started' : handsOn ? 'succeeded' : diedOf(hold),
    start: life.first - 60,
    end: alive ? null : ends,
  });
  made.outputs.push(version);
  if (handsOn && releaser !== null) draftReleaser(hold, releaser, pipeline, around);
  // Jobs that were removed or renamed still run, and are found under no name.
  else if (alive && draw(hold.claim, 8) === 0) pipeline.removed.add(jobOf(claimant));
}

/**
 * Two Concourses can share a repository, with equal pipelines: some claims were made by a build that only the other
 * one knows. Only short holds are of that kind, since nothing but a timeout that suits the pool protects them.
 */
function isBuiltElsewhere({ claimant, releaser, from, to, claim }: Hold): boolean {
  if (claimant.owner.kind !== 'job' || claimant.owner.url !== null) return false;
  const isOwn = releaser !== null && releaser.build === claimant.build;
  return isOwn && to !== null && to - from < 1_800 && draw(claim, 4) === 1;
}

/** Nobody knows what a build died of whose lock a person had to release. */
function diedOf(hold: Hold): 'failed' | 'errored' | 'aborted' | 'succeeded' {
  return (['failed', 'errored', 'aborted', 'succeeded'] as const)[draw(`${hold.claim} died`, 4)] ?? 'failed';
}

function draftReleaser(hold: Hold, releaser: Actor, claimants: DraftPipeline, around: Around): void {
  const { pipelines, at, history, newestClaims } = around;
  const version = { resource: hold.pool, version: { ref: hold.claim } };
  const pipeline = pipelineOf(releaser, pipelines);
  const job = jobIn(pipeline, jobOf(releaser));
  const isSamePipeline = pipeline === claimants;
  const passed = job.inputs.get(hold.pool) ?? new Set();
  if (isSamePipeline && jobOf(releaser) !== jobOf(hold.claimant)) passed.add(jobOf(hold.claimant));
  job.inputs.set(hold.pool, passed);
  const life = history.lives.get(releaser.build ?? '') ?? { first: hold.from, last: hold.from };
  const isNewest =
    newestClaims.get(`${hold.claimant.pipeline} ${jobOf(hold.claimant)} ${hold.pool}`) === hold.claim;
  const isFirst = passed.size === 1 && [...openInputs(pipeline, jobOf(releaser), hold.pool)].length === 0;
  const canWait = isSamePipeline && passed.size > 0 && isNewest && isFirst && life.first > at;
  if (canWait && draw(hold.claim, 2) === 0) {
    if (draw(hold.claim, 10) < 3) pipeline.paused.add(jobOf(releaser));
    return;
  }
  const start = Math.min(life.first, at, hold.from + 60);
  buildIn(pipeline, releaser, { status: 'started', start, end: null }).inputs.push(version);
}

function openInputs(pipeline: DraftPipeline, job: string, pool: string): BuildVersionConfig[] {
  const builds = [...pipeline.builds.values()].filter((build) => build.job === job);
  return builds.flatMap(({ inputs }) => inputs).filter(({ resource }) => resource === pool);
}

/** Before autumn 2015 a message named no build: somebody runs, and only what it has taken or made tells. */
function draftAnonymous(hold: Hold, { pipelines, at }: Around): void {
  if (hold.releaser === null || hold.releaser.owner.kind === 'person') return;
  const { team, pipeline, job } = ANONYMOUS;
  const owner = {
    kind: 'job',
    team,
    pipeline,
    job,
    build: hold.claim.slice(0, 6),
    instanceVars: null,
    varsQuery: null,
    url: null,
  } as const;
  const actor: Actor = { owner, build: `anonymous ${hold.claim}`, pipeline: 'anonymous' };
  const draft = pipelineOf(actor, pipelines);
  const side = draw(hold.claim, 2) === 0 ? 'outputs' : 'inputs';
  const anonymous = jobIn(draft, job);
  anonymous.outputs.add(hold.pool);
  const made = buildIn(draft, actor, { status: 'started', start: Math.min(at, hold.from) - 60, end: null });
  made[side].push({ resource: hold.pool, version: { ref: hold.claim } });
}

function jobOf({ owner }: Actor): string {
  return owner.kind === 'job' ? owner.job : '';
}

function pipelineOf(actor: Actor, pipelines: Map<string, DraftPipeline>): DraftPipeline {
  const key = actor.pipeline ?? '';
  const known = pipelines.get(key);
  if (known !== undefined) return known;
  if (actor.owner.kind !== 'job') throw new Error('only builds of jobs have a pipeline');
  const { team, pipeline, instanceVars } = actor.owner;
  const made: DraftPipeline = {
    team: team ?? 'main',
    name: pipeline,
    instanceVars,
    jobs: new Map(),
    builds: new Map(),
    removed: new Set(),
    paused: new Set(),
  };
  pipelines.set(key, made);
  return made;
}

function jobIn(pipeline: DraftPipeline, name: string) {
  const job = pipeline.jobs.get(name) ?? { inputs: new Map(), outputs: new Set() };
  pipeline.jobs.set(name, job);
  return job;
}

function buildIn(pipeline: DraftPipeline, actor: Actor, config: BuildConfig): DraftBuild {
  const key = actor.build ?? '';
  const known = pipeline.builds.get(key);
  // A build that both claims and releases lives as long as its longest part.
  const alive = known?.config.status === 'started' || config.status === 'started';
  const start = Math.min(known?.config.start ?? Number.POSITIVE_INFINITY, config.start ?? 0);
  const merged = { ...config, start, ...(alive ? { status: 'started' as const, end: null } : {}) };
  const name = actor.owner.kind === 'job' ? actor.owner.build : '';
  const draft = {
    job: jobOf(actor),
    name,
    config: merged,
    inputs: known?.inputs ?? [],
    outputs: known?.outputs ?? [],
  };
  pipeline.builds.set(key, draft);
  return draft;
}

function build(ci: Ci, draft: DraftPipeline): void {
  const pools = new Set(
    [...draft.jobs.values()].flatMap(({ inputs, outputs }) => [...inputs.keys(), ...outputs]),
  );
  const jobs = [...draft.jobs].map(
    ([name, { inputs, outputs }]): JobConfig => ({
      name,
      inputs: [...inputs].map(([resource, passed]) => ({ resource, passed: [...passed] })),
      outputs: [...outputs],
    }),
  );
  const instanceVars = draft.instanceVars === null ? {} : { instanceVars: draft.instanceVars };
  const pipeline: Pipeline = ci.pipeline(draft.team, draft.name, {
    resources: [...pools],
    jobs,
    ...instanceVars,
  });
  const inOrder = [...draft.builds.values()].sort((a, b) => (a.config.start ?? 0) - (b.config.start ?? 0));
  for (const { job, name, config, inputs, outputs } of inOrder)
    pipeline.build(job, { ...config, name, inputs, outputs });
  for (const job of draft.removed) {
    // A job that others wait behind is not one that was removed.
    const isNeeded =
      jobs.some(({ name, inputs = [] }) => name === job && inputs.length > 0) || isPassed(jobs, job);
    if (!isNeeded) pipeline.removeJob(job);
  }
  for (const job of draft.paused) pipeline.pauseJob(job);
}

function isPassed(jobs: readonly JobConfig[], job: string): boolean {
  return jobs.some(({ inputs = [] }) =>
    inputs.some((input) => typeof input !== 'string' && input.passed?.includes(job)),
  );
}
