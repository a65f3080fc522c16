import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = '.github/workflows';

/** As much of GitHub's workflows as ours use, and no more rights than reading. */
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.unknown().optional(),
  jobs: z.record(
    z.string(),
    z.strictObject({
      needs: z.string().optional(),
      strategy: z.strictObject({ matrix: z.record(z.string(), z.array(z.unknown())) }).optional(),
      'runs-on': z.string().regex(/^(?:ubuntu-\d|\$\{\{ matrix\.machine \}\}$)/),
      'timeout-minutes': z.int(),
      environment: z.string().optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(
        z.union([
          z.strictObject({
            uses: z.string().regex(/^actions\/\w+@[0-9a-f]{40}$/),
            with: z.record(z.string(), z.unknown()).optional(),
          }),
          z.strictObject({
            name: z.string().optional(),
            run: z.string(),
            env: z.record(z.string(), z.string()).optional(),
          }),
        ]),
      ),
    }),
  ),
});

test('Images are built and tested on both architectures', () => {
  for (const file of ['ci.yml', 'release.yml']) {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    expect(text).toContain('ubuntu-24.04-arm');
  }
});

describe.each(readdirSync(FOLDER))('The workflow %s', (file) => {
  const { jobs } = workflow.parse(parse(readFileSync(join(FOLDER, file), 'utf8')));
  const scripts = Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap((step) => ('run' in step ? [step.run] : [])),
  );

  test('calls make targets that are there', () => {
    const makefile = readFileSync('Makefile', 'utf8');
    const targets = scripts.flatMap((script) => /^make (\S+)$/.exec(script)?.[1] ?? []);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'));
  });

  test('has scripts that a shell can read, and that nobody outside can write into', () => {
    for (const script of scripts) {
      execFileSync('bash', ['-n', '-c', script]);
      // What GitHub fills in would be read as shell: it goes by the environment.
      expect(script).not.toContain('${{');
    }
  });
});
