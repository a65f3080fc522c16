import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { CommandLimits } from '../../../src/git/command/command-watch.ts';
import { createGit, type GitCommand } from '../../../src/git/command/git-command.ts';
import { createExcerpt } from '../../../src/git/command/output-excerpt.ts';
import { createWaitingBudget } from '../../../src/git/command/waiting-budget.ts';
import { createLifetime } from '../../../src/runtime/lifetime.ts';
import { createLog } from '../../../src/runtime/log.ts';
import { createMask } from '../../../src/runtime/secret-mask.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Runs a script in git's place. */
async function run(
  script: string,
  {
    patience = 20_000,
    limit = 60_000,
    memory = 1024 ** 3,
    waiting = null,
    ...command
  }: Partial<GitCommand & CommandLimits>,
) {
  const directory = temporaryFolder();
  writeFileSync(`${directory}/git`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const lifetime = createLifetime();
  const git = createGit({
    directory,
    isRepository: false,
    environment: { PATH: `${directory}:${process.env.PATH}` },
    lifetime,
    log: createLog(
      () => {},
      createMask(),
      () => false,
    ),
    patience,
    limit,
    memory,
    waiting,
  });
  try {
    return { directory, outcome: await git({ args: ['fetch'], ...command }) };
  } finally {
    lifetime.end();
  }
}

function isThere(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

describe('a git command', () => {
  it('may not take any amount of memory', async () => {
    const { outcome } = await run('(head -c 300000000 /dev/zero; sleep 600) | tail -n 1', {
      memory: 100_000_000,
    });
    expect(outcome.end).toBe('out-of-memory');
  });

  it('waits less where the ones before it have waited long', async () => {
    const patience = 480;
    const waiting = createWaitingBudget(patience);
    const times: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const started = performance.now();
      const { outcome } = await run('exec sleep 600', { patience, waiting });
      expect(outcome.end).toBe('timed-out');
      times.push(performance.now() - started);
    }
    expect(times[0]).toBeGreaterThan(patience);
    expect(times[1]).toBeLessThan(patience);
    expect(times[2]).toBeLessThan(patience);
  });

  it('may not go on forever by printing a line now and then', async () => {
    const { outcome } = await run('while :; do echo busy >&2; sleep 0.05; done', { limit: 500 });
    expect(outcome.end).toBe('timed-out');
  });

  it('is ended where its mark cannot be seen', async () => {
    const { directory, outcome } = await run('echo $$ > pid; exec env -i /bin/sleep 600', { patience: 300 });
    expect(outcome.end).toBe('timed-out');
    expect(isThere(readFileSync(`${directory}/pid`, 'latin1').trim())).toBe(false);
  });

  it('is not waited for when somebody else holds its pipes', async () => {
    const { directory, outcome } = await run('env -i /bin/sleep 600 & echo $! > pid; wait', {
      patience: 300,
    });
    process.kill(Number(readFileSync(`${directory}/pid`, 'latin1')));
    expect(outcome.end).toBe('timed-out');
  });

  it('keeps the beginning and the end of long messages', async () => {
    const script =
      'echo first >&2; head -c 5000000 /dev/zero | tr "\\0" x >&2; echo >&2; echo last >&2; exit 3';
    const { outcome } = await run(script, {});
    expect(outcome.status).toBe(3);
    expect(outcome.stderr.length).toBeLessThan(70_000);
    expect(outcome.stderr).toMatch(/^first\n[\s\S]* bytes left out\][\s\S]*last\n$/);
  });

  it('keeps no output without end', async () => {
    await expect(run('exec cat /dev/zero', {})).rejects.toMatchObject({
      kind: 'too-much',
      message: 'git fetch printed more than 64 MB, which is more than a lock repository has.',
    });
  });

  it('ends with the error of who reads its output', async () => {
    const onOutput = () => {
      throw new Error('unreadable');
    };
    await expect(run('exec cat /dev/zero', { onOutput })).rejects.toThrow('unreadable');
  });
});

describe('an excerpt', () => {
  it.each([
    ['', ''],
    ['abcdefgh', 'abcdefgh'],
    ['abcdefghi', 'abcd\n[1 bytes left out]\nfghi'],
    ['abcdefghijklmnopqrstuvwxyz', 'abcd\n[18 bytes left out]\nwxyz'],
  ])('of %j is %j', (text, wanted) => {
    for (const size of [1, 3, 100]) {
      const excerpt = createExcerpt(8);
      for (let at = 0; at < text.length; at += size) excerpt.add(Buffer.from(text.slice(at, at + size)));
      expect(excerpt.text()).toBe(wanted);
    }
  });
});
