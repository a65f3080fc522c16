// Programs that some tests need beside Node: without them a developer's run skips those tests, and CI's fails.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from '@jest/globals';

/** Where a program is, or null. */
export function findProgram(name: string): string | null {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.find((path) => existsSync(path)) ?? null;
}

/** `describe` with a program at hand. */
export function describeWith(
  program: string,
  debianPackage: string,
  title: string,
  body: (path: string) => void,
): void {
  const path = findProgram(program);
  if (path !== null) {
    describe(title, () => body(path));
    return;
  }
  const why = `${program} is not installed (apt-get install ${debianPackage})`;
  if (process.env.CI) {
    test(title, () => {
      throw new Error(why);
    });
  } else {
    // Jest does not name what it skips when it runs many files.
    process.stderr.write(`skipped: "${title}", since ${why}\n`);
    test.skip(`${title}: ${why}`, () => {});
  }
}
