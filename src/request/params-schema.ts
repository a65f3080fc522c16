import * as z from 'zod';
import type { LockReference } from '../core/release/find-lock.ts';
import { poolName } from './pools-schema.ts';
import { flag, got, listOf, strict, text } from './schema-parts.ts';

/** `params` of `check` and `in`: none. */
export const noParams = strict({}).transform(() => null);

export interface OutParams {
  readonly dryRun: boolean;
  readonly pools: readonly string[] | null;
  readonly release: readonly LockReference[] | null;
  readonly limit: number | null;
}

const CLAIM = 'POOL/LOCK@CLAIM, with the 40 digits of the claim commit';

/** A name alone would rob the next holder when the job runs again; so a request names the claim, too. */
export const requestedClaim = text(CLAIM).transform((value, context): LockReference => {
  const match = /^(.+\/.+)@([0-9a-f]{40}|[0-9a-f]{64})$/su.exec(value);
  const [, path, claim] = match ?? [];
  if (path !== undefined && claim !== undefined) return { path, claim };
  context.issues.push({ code: 'custom', input: value, message: got(value, CLAIM) });
  return z.NEVER;
});

export const outKeys = strict({
  dry_run: flag().optional().meta({
    default: 'false',
    description: 'Judge, and say what would be released, but release nothing.',
  }),
  pools: listOf(poolName, 'a list of pool names')
    .min(1, ' is empty; name a pool, or leave pools out')
    .optional()
    .meta({
      type: 'list of names',
      description: 'Release only in these of the pools that `source` selects.',
    }),
  release: listOf(requestedClaim, `a list of ${CLAIM}`)
    .min(1, ' is empty; name a claim, or leave release out')
    .optional()
    .meta({
      type: 'list of `POOL/LOCK@CLAIM`',
      description:
        'Release these claims and nothing else, whatever the verdict. `CLAIM` is the 40 digits of the claim commit. A lock that was claimed again since is refused; one that is free already is only a warning.',
    }),
  limit: z
    .int({ error: (issue) => got(issue.input, 'a whole number') })
    .min(0, { error: (issue) => got(issue.input, '0 or more') })
    .optional()
    .meta({
      type: 'number',
      description: 'When more locks than this would be released at once, release none and fail.',
    }),
});

export const outParams = outKeys.transform(
  (value): OutParams => ({
    dryRun: value.dry_run ?? false,
    pools: value.pools ?? null,
    release: value.release ?? null,
    limit: value.limit ?? null,
  }),
);
