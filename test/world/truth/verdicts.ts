// Holds what Pool Boy did against what is true.
import { isAlive } from '../../fake-atc/model/order-builds.ts';
import type { Build, BuildStatus } from '../../fake-atc/types.ts';
import { nameOf } from '../site/concourse.ts';
import type { Claim, Life, World } from '../types.ts';
import { hasRole, holders, hungLives, isUnderItsName, OUT_OF_SIGHT, stakesIn, whyUnseen } from './stakes.ts';

export type Finding = {
  kind:
    | 'robbed'
    /** Given away sooner than a rule, a grace or the timeout allows. */
    | 'too early'
    | 'stuck'
    | 'the run failed';
  lock: string;
  sentence: string;
};

/** What the design leaves to the timeout, counted by why. */
export type Left = Map<string, number>;

export type Release = { claim: Claim; reason: string; detail: string };

/** `left`: is added to. */
export function judgeRelease(world: World, release: Release, left: Left): Finding[] {
  const { claim, reason, detail } = release;
  const finding = (kind: Finding['kind'], what: string): Finding => ({
    kind,
    lock: `${claim.pool}/${claim.lock}`,
    sentence: `Pool Boy released ${claim.pool}/${claim.lock} (${reason}: ${detail}), but ${what}`,
  });
  const isLeft = (why: string): boolean => {
    left.set(why, (left.get(why) ?? 0) + 1);
    return true;
  };
  const findings: Finding[] = [];
  for (const { kind, who, unseen } of stakesIn(world, claim)) {
    const isTimeout = reason === 'timed-out';
    if (kind === 'can be run again' && isLeft(`${kind}, after ${reason}`)) continue;
    const isNext = kind === 'is next' || kind === 'is about to take it';
    if (isNext && !handsOver(world) && isLeft('on_success is not handover')) continue;
    if (kind === 'is next' && isHandoverOver(world, claim) && isLeft('handover_timeout has passed')) continue;
    if (unseen !== null && isTimeout && isLeft(`${kind}, ${unseen}`)) continue;
    findings.push(finding('robbed', `${who} ${kind}${unseen === null ? '' : ` (${unseen})`}`));
  }
  return [...findings, ...tooEarly(world, release, isLeft).map((what) => finding('too early', what))];
}

/** Only with this rule a job that could come to have the lock keeps it. */
function handsOver(world: World): boolean {
  return (world.settings.policy.on_success ?? 'handover') === 'handover';
}

/** From then on a job that only waits keeps no lock: counted from the last end that anybody can see. */
function isHandoverOver(world: World, claim: Claim): boolean {
  const { handover_timeout: minutes } = world.settings.policy;
  const seen = holders(world, claim).filter((life) => whyUnseen(world, claim, life) === null);
  const ends = seen.map(({ build }) => build.end ?? claim.at);
  return minutes !== undefined && world.now >= Math.max(claim.at, ...ends) + seconds(minutes);
}

function tooEarly(world: World, { claim, reason }: Release, isLeft: (why: string) => boolean): string[] {
  const { policy } = world.settings;
  const grace = seconds(policy.grace ?? 2);
  const problems: string[] = [];
  if (world.now < claim.at + grace) problems.push('it was claimed less than grace ago');
  if (claim.heldUntil !== null && world.now < claim.heldUntil) problems.push('a person holds it');
  if (claim.isByHand && policy.by_hand === 'keep') problems.push('by_hand is keep');
  if (claim.by === null && reason !== 'timed-out') problems.push('only its age can end a claim of no build');
  const ended = holders(world, claim).filter(({ build }) => !isAlive(build));
  const known = ended.filter((life) => isKnownLater(world, claim, life, isLeft));
  for (const { build } of ended.filter((life) => isKnownAtOnce(world, claim, life))) {
    const end = build.end ?? 0;
    const span = build.status === 'errored' ? Math.max(grace, seconds(policy.error_grace ?? 15)) : grace;
    if (world.now < end + span) problems.push(`${nameOf(build)} ended only ${world.now - end} seconds ago`);
  }
  const kept = known.find(({ build }) => ruleFor(world, build) === 'keep');
  if (kept !== undefined) problems.push(`${nameOf(kept.build)} is ${kept.build.status}, whose rule is keep`);
  const since = Math.max(claim.at, claim.heldUntil ?? 0, ...known.map(({ build }) => build.end ?? 0));
  if (reason === 'timed-out' && world.now < since + seconds(policy.stale_after)) {
    problems.push(`stale_after has not passed since ${new Date(since * 1000).toISOString()}`);
  }
  return problems;
}

const seconds = (minutes: unknown): number => Number(minutes) * 60;

/** A build that has just ended is seen by its name or its plan, whatever its resource shows. */
function isKnownAtOnce(world: World, claim: Claim, life: Life): boolean {
  const why = whyUnseen(world, claim, life);
  return why === null || (why === OUT_OF_SIGHT && (life.took.has(claim) || isUnderItsName(world, life)));
}

/** A build that ended long ago is seen by its name or its versions, in the pipeline of the claim. */
function isKnownLater(world: World, claim: Claim, life: Life, isLeft: (why: string) => boolean): boolean {
  const why = whyUnseen(world, claim, life);
  const isNamed = life.made === claim && isUnderItsName(world, life);
  if (why !== null && !(why === OUT_OF_SIGHT && isNamed)) return false;
  if (!isNamed && !isPoolUsed(claim, life) && isLeft('no job takes or puts the pool of a build any more'))
    return false;
  const isElsewhere = life.made !== claim && life.build.pipeline !== claim.by?.build.pipeline;
  return !(isElsewhere && isLeft('a build of another pipeline had it before'));
}

/** Versions are looked for in resources that some job takes or puts. */
function isPoolUsed({ commit }: Claim, { build }: Life): boolean {
  const entry = [...build.inputs, ...build.outputs].find(({ saved }) => saved.version.ref === commit);
  const active = build.pipeline?.jobs.filter((job) => job.active) ?? [];
  const steps = active.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  return entry === undefined || steps.some(({ resource }) => resource === entry.resource.name);
}

function ruleFor(world: World, { status }: Build): unknown {
  return world.settings.policy[RULES[status] ?? ''];
}

const RULES: Readonly<Partial<Record<BuildStatus, string>>> = {
  succeeded: 'on_success',
  failed: 'on_failure',
  errored: 'on_error',
  aborted: 'on_abort',
};

/** Why a lock may stay claimed when everybody is gone; null where it must be free. */
export function mayStay(world: World, claim: Claim): string | null {
  const { policy, roles } = world.settings;
  if (claim.heldUntil !== null && world.now < claim.heldUntil) return 'a person holds it';
  if (claim.isByHand && policy.by_hand === 'keep') return 'by_hand is keep';
  const kept = holders(world, claim).find(({ build }) => ruleFor(world, build) === 'keep');
  if (kept !== undefined) return 'a rule is keep';
  const hung = hungLives(world).find((life) => mayBeHeldBy(world, claim, life));
  if (hung !== undefined) return `${nameOf(hung.build)} hangs, and may have it`;
  if (claim.by === null) return null;
  if (hasTooManyPlans(world, claim, claim.by))
    return 'its versions are out of sight, and too many builds came after it';
  if (namesakes(world, claim.by).some((build) => ruleFor(world, build) === 'keep')) return 'a rule is keep';
  // By the names of then and of now: a team that was renamed keeps its roles.
  const teams = [
    claim.by.names.team,
    claim.by.build.team,
    // Jobs behind whoever took it are in its pipeline.
    ...holders(world, claim).map(({ build }) => build.team),
    ...(world.settings.messages === 'no-team' ? ['main'] : []),
  ];
  const isSeen = teams.every((team) => roles.includes(team.replace(/(-old)+$/, '')));
  return isSeen ? null : 'the account has no role there';
}

/** Where only plans tell who took it, so many are read; the lock of a claim with more after it is left to people. */
const MOST_PLANS = 1000;

function hasTooManyPlans(world: World, claim: Claim, maker: Life): boolean {
  if (whyUnseen(world, claim, maker) !== OUT_OF_SIGHT) return false;
  const since = world.ci.builds.filter(
    ({ pipeline, start }) => pipeline === maker.build.pipeline && (start ?? 0) >= claim.at - 3600,
  );
  return since.length > MOST_PLANS;
}

/** The claimant, and whoever goes by its name now: the rule `keep` asks for no proof. */
function namesakes({ ci }: World, { build, names }: Life): Build[] {
  const others = ci.builds.filter(
    ({ name, pipeline, job }) =>
      name === build.name && pipeline?.name === names.pipeline && job?.name === names.job,
  );
  return [build, ...others];
}

/** Who runs counts for whatever it may have: what it has, what its number stands for, or what nobody may see. */
function mayBeHeldBy(world: World, claim: Claim, life: Life): boolean {
  if (life.made === claim || life.took.has(claim)) return true;
  if (claim.by?.build.name === life.build.name) return true;
  if (hasRole(world, life.build.team)) return false;
  const isMakerUnknown = claim.by === null || world.settings.messages === 'empty-url';
  return isMakerUnknown || (life.build.start ?? 0) >= claim.at - 300;
}
