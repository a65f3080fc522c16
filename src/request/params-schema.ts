import * as z from 'zod/mini';
import type { LockReference } from '../core/release/find-lock.ts';
import { poolName } from './pools-schema.ts';
import { flag, got, KEY_TABLE, listOf, strict, text } from './schema-parts.ts';

/** `params` of `check` and `in`: none. */
export const noParams = z.pipe(
  strict({}),
  z.transform(() => null),
);

export interface OutParams {
  readonly dryRun: boolean;
  readonly pools: readonly string[] | null;
  readonly release: readonly LockReference[] | null;
  readonly limit: number | null;
}

const CLAIM = 'POOL/LOCK@CLAIM, with the 40 digits of the claim commit';

/** A name alone would rob the next holder when the job runs again; so a request names the claim, too. */
export const requestedClaim = z.pipe(
  text(CLAIM),
  z.transform((value, context): LockReference => {
    const match = /^(.+\/.+)@([0-9a-f]{40}|[0-9a-f]{64})$/su.exec(value);
    const [, path, claim] = match ?? [];
    if (path !== undefined && claim !== undefined) return { path, claim };
    context.issues.push({ code: 'custom', input: value, message: got(value, CLAIM) });
    return z.NEVER;
  }),
);

export const outKeys = strict({
  dry_run: z.optional(flag()).register(KEY_TABLE, {
    default: 'false',
    description: 'Judge, and say what would be released, but release nothing.',
  }),
  pools: z
    .optional(
      listOf(poolName, 'a list of pool names').check(
        z.minLength(1, ' is empty; name a pool, or leave pools out'),
      ),
    )
    .register(KEY_TABLE, {
      type: 'list of names',
      description: 'Release only in these of the pools that `source` selects.',
    }),
  release: z
    .optional(
      listOf(requestedClaim, `a list of ${CLAIM}`).check(
        z.minLength(1, ' is empty; name a claim, or leave release out'),
      ),
    )
    .register(KEY_TABLE, {
      type: 'list of `POOL/LOCK@CLAIM`',
      description:
        'Release these claims and nothing else, whatever the verdict. `CLAIM` is the 40 digits of the claim commit. A lock that was claimed again since is refused; one that is free already is only a warning.',
    }),
  limit: z
    .optional(
      z
        .int({ error: (issue) => got(issue.input, 'a whole number') })
        .check(z.minimum(0, { error: (issue) => got(issue.input, '0 or more') })),
    )
    .register(KEY_TABLE, {
      type: 'number',
      description: 'When more locks than this would be released at once, release none and fail.',
    }),
});

export const outParams = z.pipe(
  outKeys,
  z.transform(
    (value): OutParams => ({
      dryRun: value.dry_run ?? false,
      pools: value.pools ?? null,
      release: value.release ?? null,
      limit: value.limit ?? null,
    }),
  ),
);
