import * as z from 'zod/mini';
import type { PolicyKeys } from '../core/policy.ts';
import { globProblem } from '../core/pools/glob.ts';
import { byType, duration, filledText, got, KEY_TABLE, listOf, oneOf } from './schema-parts.ts';

const endRule = () => oneOf(['release', 'timeout', 'keep']);

/** One that names the pool as well would match no lock, and so protect none. */
const lockGlob = filledText('a glob of lock names').check(
  z.superRefine((glob, context) => {
    const problem = globProblem(glob);
    if (problem !== null) context.addIssue({ code: 'custom', message: ` ${problem}` });
    if (!glob.includes('/')) return;
    context.addIssue({
      code: 'custom',
      message: got(glob, 'a glob of lock names without the pool (lock names contain no slash)'),
    });
  }),
);

/** The keys of a policy, as they may stand at the top level of `source` or in a pool. */
export const policyShape = {
  stale_after: z.optional(duration({ above: 0 })).register(KEY_TABLE, {
    type: 'duration',
    description:
      "The timeout: a lock that nothing else can decide about is stale at this age. Counted from the claim, or from the last holder's end where that is known.",
  }),
  exclude: z
    .optional(
      byType<readonly string[]>(
        {
          array: listOf(lockGlob, 'a list of globs'),
          string: z.pipe(
            lockGlob,
            z.transform((one) => [one]),
          ),
        },
        'a list of globs of lock names',
      ),
    )
    .register(KEY_TABLE, {
      type: 'list of globs',
      description:
        "Lock names that are never released. Those of a pool and of the top level add up; every other key of a pool replaces the top level's.",
    }),
  grace: z.optional(duration()).register(KEY_TABLE, {
    type: 'duration',
    description: 'Nothing is released until this long after the claim, or after the build ended.',
  }),
  error_grace: z.optional(duration()).register(KEY_TABLE, {
    type: 'duration',
    description: 'The same after a build that _errored_: its containers may run on.',
  }),
  warn_after: z.optional(duration()).register(KEY_TABLE, {
    type: 'duration',
    description: 'A lock that is held longer triggers a warning, unless it is excluded.',
  }),
  on_success: z.optional(oneOf(['handover', 'timeout', 'release', 'keep'])).register(KEY_TABLE, {
    description:
      'Rule for a lock whose build succeeded. `handover`: it stays for as long as a job behind the build can still take it, then the timeout decides.',
  }),
  handover_timeout: z.optional(duration()).register(KEY_TABLE, {
    type: 'duration',
    description:
      "How long after the last holder's end a job that only waits (manual, paused, other inputs) still keeps the lock; then `stale_after` decides. Without it, for as long as the job waits.",
  }),
  on_failure: z.optional(endRule()).register(KEY_TABLE, {
    description:
      'Rule for a lock whose build failed. Set `keep` if people look at the environment of a failed build.',
  }),
  on_error: z
    .optional(endRule())
    .register(KEY_TABLE, { description: 'Rule for a lock whose build errored.' }),
  on_abort: z
    .optional(endRule())
    .register(KEY_TABLE, { description: 'Rule for a lock whose build was aborted.' }),
  by_hand: z
    .optional(oneOf(['timeout', 'keep']))
    .register(KEY_TABLE, { description: 'Rule for a lock that a person claimed with a commit.' }),
  release_to: z.optional(filledText('a pool name')).register(KEY_TABLE, {
    type: 'name',
    description:
      'Released locks go to `unclaimed` of this pool, from which a pipeline can take and clean them. It must be another pool of the repository, with both folders.',
  }),
};

type PolicyInput = { readonly [K in keyof typeof policyShape]?: z.output<(typeof policyShape)[K]> };

/** Only the keys that are set, under the core's names. */
export function policyKeys(input: PolicyInput): PolicyKeys {
  const keys = {
    staleAfter: input.stale_after,
    exclude: input.exclude,
    grace: input.grace,
    errorGrace: input.error_grace,
    warnAfter: input.warn_after,
    onSuccess: input.on_success,
    handoverTimeout: input.handover_timeout,
    onFailure: input.on_failure,
    onError: input.on_error,
    onAbort: input.on_abort,
    byHand: input.by_hand,
    releaseTo: input.release_to,
  };
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}
