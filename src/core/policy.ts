import type { Build, BuildStatus } from './build.ts';

/** What to do with a lock whose holder has ended: free it, let the timeout decide, or leave it to its holder. */
export type EndRule = 'release' | 'timeout' | 'keep';

/** How one pool's locks are judged. Durations in seconds. */
export interface Policy {
  readonly staleAfter: number | null;
  /** Globs of lock names that are never released. */
  readonly exclude: readonly string[];
  readonly grace: number;
  readonly errorGrace: number;
  readonly warnAfter: number;
  /**
   * How long after the last holder's end a job that only waits (manual, paused, other inputs) still keeps the lock.
   * Null: for as long as it waits.
   */
  readonly handoverTimeout: number | null;
  readonly onSuccess: EndRule | 'handover';
  readonly onFailure: EndRule;
  readonly onError: EndRule;
  readonly onAbort: EndRule;
  readonly byHand: 'timeout' | 'keep';
  /** The pool that released locks go to, to be cleaned there; null for their own. It changes no verdict. */
  readonly releaseTo: string | null;
}

export const DEFAULT_POLICY: Policy = {
  staleAfter: null,
  exclude: [],
  grace: 120,
  errorGrace: 900,
  warnAfter: 86_400,
  handoverTimeout: null,
  // Another job of the pipeline may take the lock over; see "A job behind it".
  onSuccess: 'handover',
  // A version made by a build that did not succeed passes no `passed` from it.
  onFailure: 'release',
  onError: 'release',
  onAbort: 'release',
  byHand: 'timeout',
  releaseTo: null,
};

/** The rules are named after Concourse's hooks and chosen by the status of a holder. A living build has none. */
export function ruleFor(status: BuildStatus, policy: Policy): EndRule | 'handover' | null {
  switch (status) {
    case 'succeeded':
      return policy.onSuccess;
    case 'failed':
      return policy.onFailure;
    case 'errored':
      return policy.onError;
    case 'aborted':
      return policy.onAbort;
    case 'pending':
    case 'started':
      return null;
  }
}

/** Hooks, forced aborts and cut-off workers may run on for a while after a build has "ended". Times in unix seconds. */
export function hasJustEnded(
  { status, endedAt }: Pick<Build, 'status' | 'endedAt'>,
  policy: Graces,
  now: number,
): boolean {
  return endedAt !== null && now - endedAt < graceAfter(status, policy);
}

/** An ATC that restarts, or a lost worker, ends builds as errored whose containers run on. */
export function graceAfter(status: BuildStatus, { grace, errorGrace }: Graces): number {
  return status === 'errored' ? Math.max(grace, errorGrace) : grace;
}

export type Graces = Pick<Policy, 'grace' | 'errorGrace'>;

/** What `source` says of policy, at its top level or for one pool: only the keys that are set. */
export type PolicyKeys = { readonly [K in keyof Policy]?: Policy[K] };

/** A pool's own keys replace the top level's; only the exclusions add up. */
export function mergePolicy(...levels: readonly PolicyKeys[]): Policy {
  const exclude = levels.flatMap((keys) => keys.exclude ?? []);
  return Object.assign({}, DEFAULT_POLICY, ...levels, { exclude });
}
