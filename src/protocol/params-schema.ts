import * as z from 'zod';
import type { Requested } from '../core/plan.ts';
import { poolName } from './pools-schema.ts';
import { flag, have, listOf, strict, text } from './schema-parts.ts';

/** `params` of `check` and `in`: none. */
export const noParams = strict({}).transform(() => null);

export interface OutParams {
  readonly dryRun: boolean;
  readonly pools: readonly string[] | null;
  readonly release: readonly Requested[] | null;
  readonly limit: number | null;
}

const CLAIM = 'POOL/LOCK@CLAIM, with the 40 digits of the claim commit';

/** A name alone would rob the next holder when the job runs again; so a request names the claim, too. */
export const requestedClaim = text(CLAIM).transform((value, context): Requested => {
  const match = /^(.+\/.+)@([0-9a-f]{40}|[0-9a-f]{64})$/su.exec(value);
  const [, path, claim] = match ?? [];
  if (path !== undefined && claim !== undefined) return { path, claim };
  context.issues.push({ code: 'custom', input: value, message: have(value, CLAIM) });
  return z.NEVER;
});

export const outParams = strict({
  dry_run: flag().optional().describe('judge and say what would be released, but release nothing'),
  pools: listOf(poolName, 'a list of pool names')
    .min(1, ' is empty: name a pool, or leave pools out')
    .optional()
    .describe('release only in these pools'),
  release: listOf(requestedClaim, `a list of ${CLAIM}`)
    .min(1, ' is empty: name a claim, or leave release out')
    .optional()
    .describe('release these claims and nothing else'),
  limit: z
    .int({ error: (issue) => have(issue.input, 'a whole number') })
    .min(0, { error: (issue) => have(issue.input, '0 or more') })
    .optional()
    .describe('refuse to release more than this many locks at once'),
}).transform(
  (value): OutParams => ({
    dryRun: value.dry_run ?? false,
    pools: value.pools ?? null,
    release: value.release ?? null,
    limit: value.limit ?? null,
  }),
);
