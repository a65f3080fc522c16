import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

export interface GitDaemon {
  readonly port: number;
  stop(): void;
}

/** git's own server for everything below a folder; takes pushes. */
export async function startGitDaemon(folder: string): Promise<GitDaemon> {
  const port = await freePort();
  const args = ['daemon', '--reuseaddr', '--export-all', '--enable=receive-pack', `--base-path=${folder}`];
  const daemon = spawn('git', [...args, '--listen=127.0.0.1', `--port=${port}`, folder], {
    // It reports every client that hangs up.
    stdio: ['ignore', 'ignore', 'ignore'],
    // Of its own, so that git's wrapper and the server that it starts end together.
    detached: true,
  });
  await listening(port, daemon);
  return {
    port,
    stop() {
      if (daemon.pid !== undefined) process.kill(-daemon.pid, 'SIGTERM');
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function listening(port: number, daemon: ChildProcess): Promise<void> {
  while (daemon.exitCode === null) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(resolve, 20, false));
    });
    if (isThere) return;
  }
  throw new Error('git daemon ended at once');
}
