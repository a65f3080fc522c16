import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed when the tests of the importing file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pool-boy-test-'));
  folders.push(folder);
  return folder;
}
