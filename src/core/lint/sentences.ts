// Every sentence that lint says, so that they stay alike.
import type { Ending, Outcome } from './endings.ts';
import type { ReturnPlace } from './leaks.ts';
import { type GetStep, type Step, titleOf } from './step.ts';

/** `put: aws` (plan[0]) */
export function named(step: Step): string {
  const title = `\`${titleOf(step)}\``;
  return step.path === '' ? title : `${title} (${step.path})`;
}

const VERBS: Readonly<Record<Outcome, string>> = {
  success: 'succeeds',
  failure: 'fails',
  error: 'errors',
  abort: 'is aborted',
};

/** `when the build succeeds, or when X fails or is aborted` */
export function whenItEnds(endings: readonly Ending[]): string {
  const succeeds = endings.some(({ outcome }) => outcome === 'success');
  const others = endings.filter(({ outcome }) => outcome !== 'success');
  const cause = others[0]?.cause ?? null;
  const isOneStep = others.every((one) => one.cause?.path === cause?.path);
  const who = cause !== null && isOneStep ? named(cause) : 'the build';
  const parts = [
    succeeds ? 'when the build succeeds' : null,
    others.length > 0 ? `when ${who} ${listed(others.map(({ outcome }) => VERBS[outcome]))}` : null,
  ];
  return parts.filter((part) => part !== null).join(', and ');
}

export function noRelease(taking: Step, pool: string, job: string): string {
  return `The lock of pool ${pool} that ${named(taking)} claims is never released: no step of job ${job} does it, and no other job takes the lock over.`;
}

export function notInEnsure(
  taking: Step,
  endings: readonly Ending[],
  places: readonly ReturnPlace[],
): string {
  return `The lock that ${named(taking)} claims stays claimed ${whenItEnds(endings)}: ${named(firstStep(places, taking))} releases it, but not in an \`ensure\` that covers this.`;
}

export function hookGaps(taking: Step, endings: readonly Ending[], places: readonly ReturnPlace[]): string {
  const hooks = [...new Set(places.map(({ hook }) => (hook === null ? 'the plan' : `\`${hook}\``)))];
  return `The lock that ${named(taking)} claims stays claimed ${whenItEnds(endings)}: only ${listed(hooks, 'and')} ${hooks.length === 1 ? 'releases' : 'release'} it.`;
}

export function handedOnOnly(taking: Step, endings: readonly Ending[], behind: readonly string[]): string {
  return `The lock that ${named(taking)} claims is handed on to ${behind.length === 1 ? 'job' : 'jobs'} ${listed(behind, 'and')} when the build succeeds, but stays claimed ${whenItEnds(endings)}.`;
}

export function lostInAttempts(taking: Step): string {
  return `${named(taking)} is tried again by \`attempts\` together with later steps: each further attempt claims another lock, and the lock of the failed attempt stays claimed.`;
}

export function lostInAcross(taking: Step): string {
  return `${named(taking)} is inside \`across\`: no step outside can see the lock, so one that is not released inside stays claimed.`;
}

export function untendedBehind(get: GetStep, endings: readonly Ending[]): string {
  return `The lock that ${handedOn(get)} to ${named(get)} stays claimed ${whenItEnds(endings)}.`;
}

export function neverReturnedBehind(get: GetStep, job: string): string {
  return `The lock that ${handedOn(get)} to ${named(get)} is never released: job ${job} does not do it, and no job behind takes the lock over.`;
}

export function startedByHand(get: GetStep, job: string): string {
  return `The lock that ${handedOn(get)} stays claimed until a person starts job ${job}: neither ${named(get)} nor another input of it has \`trigger: true\`.`;
}

/** `job claim hands on`, `jobs one and two hand on` */
function handedOn({ passed }: GetStep): string {
  return passed.length === 1 ? `job ${passed[0]} hands on` : `jobs ${listed(passed, 'and')} hand on`;
}

interface Ordered {
  readonly where: string;
  readonly first: string;
  readonly second: string;
}

export function lockOrder(here: Ordered, there: Ordered): string {
  return `${here.where} claims a lock of ${here.first} and then waits for one of ${here.second}; ${there.where} does it the other way round, so the two can deadlock.`;
}

export function selfWait(second: Step, pool: string, wanted: number, size: number): string {
  return `One build claims ${wanted} locks of pool ${pool}, which has ${size}: ${named(second)} waits for a lock that the build itself holds.`;
}

export function sameLockTwice(second: Step, lock: string): string {
  return `One build claims lock ${lock} twice: ${named(second)} waits for the lock that the build itself holds.`;
}

export function noTimeout(step: Step, what: string): string {
  return `${named(step)} has no \`timeout\`, so it can wait forever for ${what}.`;
}

function firstStep(places: readonly ReturnPlace[], fallback: Step): Step {
  return places[0]?.step ?? fallback;
}

export function listed(words: readonly string[], conjunction: 'and' | 'or' = 'or'): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
