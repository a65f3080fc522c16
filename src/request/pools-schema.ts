import * as z from 'zod/mini';
import { parseDuration } from '../core/duration.ts';
import { globProblem } from '../core/pools/glob.ts';
import type { PoolEntry } from '../core/pools/pool-selection.ts';
import { quoteName } from '../core/quote-name.ts';
import { policyKeys, policyShape } from './policy-schema.ts';
import { byType, got, listOf, strict, text } from './schema-parts.ts';

/** A pool's name or glob. It must not be able to climb out of the repository. */
export const poolName = z.pipe(
  text('a pool name'),
  z.transform((value, context) => {
    const name = value.replace(/^\.\/+/, '').replace(/\/+$/, '');
    const parts = name.split('/');
    if (
      name === '' ||
      name.startsWith('/') ||
      parts.includes('..') ||
      parts.includes('.') ||
      parts.includes('') ||
      name.includes('\0')
    ) {
      const expected = 'a path in the repository, without .. and without a slash in front';
      context.issues.push({ code: 'custom', input: value, message: got(value, expected) });
      return z.NEVER;
    }
    const problem = globProblem(name);
    if (problem !== null) context.issues.push({ code: 'custom', input: value, message: ` ${problem}` });
    return name;
  }),
);

const entry = byType<PoolEntry>(
  {
    string: z.pipe(
      poolName,
      z.transform((name) => ({ name, policy: {} })),
    ),
    object: z.pipe(
      strict({ name: poolName, ...policyShape }),
      z.transform(({ name, ...keys }) => ({
        name,
        policy: policyKeys(keys),
      })),
    ),
  },
  'a pool name, or an object with a name',
);

/** A list of names and objects, or the original tool's string `aws:60,vsphere:30` (minutes). */
export const poolsSchema = byType<readonly PoolEntry[]>(
  {
    array: listOf(entry, 'a list of pools').check(
      z.minLength(1, ' is empty; name a pool, or leave pools out to select every pool'),
      z.superRefine((entries, context) => {
        for (const message of repeated(entries)) context.addIssue({ code: 'custom', message });
      }),
    ),
    string: z.pipe(
      z.string(),
      z.transform((value, context): PoolEntry[] => {
        const entries = value.split(',').map((item) => originalEntry(item.trim()));
        if (entries.every((one) => one !== null)) {
          for (const message of repeated(entries))
            context.issues.push({ code: 'custom', input: value, message });
          return entries;
        }
        context.issues.push({
          code: 'custom',
          input: value,
          message: got(value, 'pools as in aws:60,vsphere:30'),
        });
        return z.NEVER;
      }),
    ),
  },
  'a list of pools, or a string such as aws:60,vsphere:30',
);

/** The keys of a second entry would never count, and what it protects would be lost. */
function repeated(entries: readonly PoolEntry[]): string[] {
  const names = entries.map(({ name }) => name.normalize('NFC'));
  const twice = names.filter((name, i) => names.indexOf(name) < i);
  return [...new Set(twice)].map(
    (name) => ` has more than one entry for ${quoteName(name)}; put all its keys into one`,
  );
}

function originalEntry(item: string): PoolEntry | null {
  const colon = item.lastIndexOf(':');
  const name = poolName.safeParse(colon === -1 ? item : item.slice(0, colon));
  if (!name.success) return null;
  if (colon === -1) return { name: name.data, policy: {} };
  const staleAfter = parseDuration(item.slice(colon + 1));
  return staleAfter === null || staleAfter === 0 ? null : { name: name.data, policy: { staleAfter } };
}
