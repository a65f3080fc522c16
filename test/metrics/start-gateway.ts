// A real push gateway on a free port. It keeps nothing: Debian's would write what it has to a file when it ends.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Gateway {
  readonly url: string;
  /** Every sample that it holds, without the times at which the gateway itself got them. */
  samples(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startGateway(program: string): Promise<Gateway> {
  const child = spawn(program, ['--web.listen-address=127.0.0.1:0', '--persistence.file='], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the push gateway ended with ${code}`)));
    createInterface(child.stderr).on('line', (line) => {
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
  });
  return {
    url,
    samples: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text.split('\n').filter((line) => line.startsWith('pool_boy_'));
    },
    stop: () => {
      child.kill();
      return ended;
    },
  };
}
