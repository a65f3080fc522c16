// Tests that need a server that a machine may lack.
import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';

/** `describe`, skipped with one clear line where a program is missing. CI has them all, or its setup is broken. */
export function describeWith(programs: readonly string[]): typeof describe.skip {
  const missing = programs.filter((program) => !existsSync(program));
  if (missing.length === 0) return describe;
  if (process.env.CI) throw new Error(`CI lacks ${missing.join(', ')}`);
  process.stderr.write(`skipped: these tests need ${missing.join(', ')}\n`);
  return describe.skip;
}
