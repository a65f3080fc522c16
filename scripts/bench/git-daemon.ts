import { spawn } from 'node:child_process';
import { freePort, listening } from './ports.ts';

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
