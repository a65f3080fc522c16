import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import { GitFailure } from '../failures/git-failure.ts';
import { notAKey, type ReadKey, wrongPassphrase } from './private-key.ts';

/** OpenSSH asks a program for the passphrase. It gets one answer; a second question means that it was wrong. */
const ASKPASS = `#!/bin/sh
case "$1" in
  Bad*) echo ;;
  *) printf '%s\\n' "$POOL_BOY_PASSPHRASE" ;;
esac
`;
const PATIENCE = 20_000;
/** What the path of a socket may have, in bytes, beside the zero at its end. */
const LONGEST_SOCKET = process.platform === 'linux' ? 107 : 103;

/**
 * Starts an ssh-agent of our own that holds one key, and gives its socket. The key goes from memory to memory: it is
 * never on disk. The agent runs under a `cat` that waits on a pipe of ours, so that both end even if we are killed.
 */
export async function startAgent(
  folder: string,
  key: ReadKey,
  environment: Readonly<Record<string, string>>,
  lifetime: Lifetime,
): Promise<string> {
  const socket = join(folder, 'agent');
  if (Buffer.byteLength(socket) > LONGEST_SOCKET) {
    throw new GitFailure(
      'no-folder',
      `The name of the temporary folder ${dirname(folder)} is too long for a socket of ssh-agent; set TMPDIR to a shorter one.`,
    );
  }
  const script = `echo "$SSH_AGENT_PID"; exec cat`;
  const agent = spawn('ssh-agent', ['-a', socket, 'sh', '-c', script], {
    env: { ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  lifetime.atEnd(() => void agent.kill('SIGKILL'));
  const pid = Number(await firstLine(agent, 'ssh-agent'));
  lifetime.atEnd(() => killQuietly(pid));
  agent.unref();
  for (const pipe of agent.stdio) if (pipe instanceof Socket) pipe.unref();
  await addKey(folder, socket, key, environment);
  return socket;
}

async function addKey(
  folder: string,
  socket: string,
  key: ReadKey,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { text, passphrase } = key;
  const askpass = join(folder, 'askpass');
  writeFileSync(askpass, ASKPASS);
  chmodSync(askpass, 0o700);
  if (passphrase !== null && !canRun(askpass)) {
    throw new GitFailure(
      'no-folder',
      `The temporary folder ${dirname(folder)} does not let programs run, which the passphrase of private_key needs; set TMPDIR to one without noexec.`,
    );
  }
  const add = spawn('ssh-add', ['-q', '-'], {
    env: {
      ...environment,
      SSH_AUTH_SOCK: socket,
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      POOL_BOY_PASSPHRASE: passphrase ?? '',
    },
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
  });
  // It may end before it has read everything; its status tells.
  add.stdin.on('error', () => {});
  add.stdin.end(text);
  const { status, words } = await ending(add, 'ssh-add');
  if (status === 0) return;
  // Loaded only for a key that cannot be read: ssh2 takes as long as an empty program.
  const { describeKey } = await import('./describe-key.ts');
  describeKey(key);
  if (words === '' || /incorrect passphrase/.test(words)) throw wrongPassphrase();
  throw notAKey(words.replace(/^Error loading key "\(stdin\)": /, ''));
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function ending(child: ChildProcess, program: string): Promise<{ status: number | null; words: string }> {
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', () => reject(missing(program)));
    child.on('close', (status) => resolve({ status, words: Buffer.concat(said).toString('utf8').trim() }));
  });
}

function firstLine(child: ChildProcess, program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (said.includes('\n')) resolve(said.trim());
    });
    child.on('error', () => reject(missing(program)));
    child.on('close', () => reject(new Failure(`${program} ended at once: the private key cannot be used.`)));
  });
}

function missing(program: string): GitFailure {
  return new GitFailure(
    'no-openssh',
    `The program ${program} could not be started; install OpenSSH's client.`,
  );
}

function killQuietly(pid: number): void {
  try {
    // A softer signal would let it remove its socket while the folder is being removed.
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
