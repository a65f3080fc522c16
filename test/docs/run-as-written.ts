import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { poolAtWork } from '../cli/pool-at-work.ts';
import { cleanEnvironment, PROGRAM } from '../cli/run-cli.ts';
import { PASSWORD } from '../fake-atc/model.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';

/** Stands in the pages for the claim of aws/env-1. */
const SHOWN_CLAIM = '5f0c0a0d6c1c3b2f1e1a4f7f0b8f0f9b1d2c3e4f';

/** Whether a command of a page can run in a test as it stands there. */
export function isRunHere(command: string): boolean {
  return /^pool-boy |^make demo$/.test(command);
}

/**
 * Runs a command of a page in a folder with the file that it names, a pool at work, and the program in the path. One
 * for make runs what make would: the programs are built already, and other tests need them.
 */
export async function runAsWritten(command: string): Promise<{ status: number | null; output: string }> {
  const { repository, atc, claims } = await poolAtWork();
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(PROGRAM, join(bin, 'pool-boy'));
  const source = {
    uri: repository.path,
    branch: 'main',
    stale_after: '8h',
    concourse: { url: atc.url, username: 'pool-boy', password: `\${CI_PASSWORD}` },
  };
  writeFileSync(join(folder, 'pool-boy.yml'), JSON.stringify(source));
  const gitConfig = join(folder, 'gitconfig');
  writeFileSync(gitConfig, '[user]\n  name = Ada Lovelace\n  email = ada@example.com\n');
  const script = command
    .replace('make demo', `node ${resolve('scripts/demo.ts')}`)
    .replaceAll(SHOWN_CLAIM, claims['env-1'] ?? '');
  // Whoever ends a hold has made one before.
  const before = /^pool-boy (.*) unhold (\S+)$/.exec(script);
  const made = before === null ? '' : `pool-boy ${before[1]} hold ${before[2]} --for 1h --reason before\n`;
  const child = spawn('bash', ['-euc', made + script], {
    cwd: folder,
    env: {
      ...cleanEnvironment({ GIT_CONFIG_GLOBAL: gitConfig }),
      PATH: `${bin}:${process.env.PATH}`,
      CI_PASSWORD: PASSWORD,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((done) => {
    child.on('close', done);
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { status, output: stdout + stderr };
}
