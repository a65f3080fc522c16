import type * as z from 'zod';
import type { PolicyKeys } from '../core/policy.ts';
import { byType, duration, filledText, have, listOf, oneOf } from './schema-parts.ts';

const endRule = () => oneOf(['release', 'timeout', 'keep']);

/** One that names the pool as well would match no lock, and so protect none. */
const lockGlob = filledText('a glob of lock names').superRefine((glob, context) => {
  if (!glob.includes('/')) return;
  context.addIssue({
    code: 'custom',
    message: have(glob, 'a glob of lock names, without the pool: a lock has no slash'),
  });
});

/** The keys of a policy, as they may stand at the top level of `source` or in a pool. */
export const policyShape = {
  stale_after: duration({ above: 0 }).optional().describe('age at which a lock is stale'),
  exclude: byType<readonly string[]>(
    {
      array: listOf(lockGlob, 'a list of globs'),
      string: lockGlob.transform((one) => [one]),
    },
    'a list of globs of lock names',
  )
    .optional()
    .describe('globs of lock names that are never released'),
  grace: duration().optional().describe('how long after a claim, or the end of a build, nothing is released'),
  error_grace: duration().optional().describe('the same after a build that errored'),
  warn_after: duration().optional().describe('a lock held longer is warned of'),
  on_success: oneOf(['handover', 'timeout', 'release', 'keep'])
    .optional()
    .describe('rule for a claimant that succeeded'),
  on_failure: endRule().optional().describe('rule for a claimant that failed'),
  on_error: endRule().optional().describe('rule for a claimant that errored'),
  on_abort: endRule().optional().describe('rule for a claimant that was aborted'),
  by_hand: oneOf(['timeout', 'keep']).optional().describe('rule for a claim by hand'),
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
    onFailure: input.on_failure,
    onError: input.on_error,
    onAbort: input.on_abort,
    byHand: input.by_hand,
  };
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}
