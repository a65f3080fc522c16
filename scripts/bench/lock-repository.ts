// Lock repositories of any length, as the pool resource would have written them; the same operations on every run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRandom } from './random.ts';

export interface Shape {
  readonly commits: number;
  /** Locks that are claimed at the end, their claims spread evenly over the last `within` commits. */
  readonly claimed: number;
  readonly within: number;
  /** One more lock, claimed at the beginning of the history and never given back. */
  readonly hasOldClaim: boolean;
  /** How many pools the claimed locks are spread over; left out: all are in `aws`. */
  readonly pools?: number;
}

/** Of these each is claimed and given back again and again. */
const BUSY_LOCKS = 12;
const SECONDS_APART = 90;

/** A bare repository in `directory` with a pool `aws`. The last commit is a minute old. */
export async function makeLockRepository(directory: string, shape: Shape): Promise<void> {
  spawnSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  const importer = spawn('git', ['-C', directory, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importer, 'close');
  for (const text of inChunks(commitsOf(shape))) {
    if (!importer.stdin.write(text)) await once(importer.stdin, 'drain');
  }
  importer.stdin.end();
  const [status] = await ended;
  if (status !== 0) throw new Error('git fast-import failed');
}

function* commitsOf({ commits, claimed, within, hasOldClaim, pools = 1 }: Shape): Generator<string> {
  const random = createRandom(commits);
  const end = Math.floor(Date.now() / 1000) - 60;
  const commit = (index: number, message: string, changes: string) => {
    const who = `CI <ci@example.com> ${end - (commits - 1 - index) * SECONDS_APART} +0000`;
    return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}\n${changes}\n`;
  };
  const move = (lock: string, isClaim: boolean) => {
    const [from, to] = isClaim ? ['unclaimed', 'claimed'] : ['claimed', 'unclaimed'];
    const pool = poolOf(lock);
    return `R ${pool}/${from}/${lock} ${pool}/${to}/${lock}\n`;
  };
  const poolOf = (lock: string) => {
    const number = /^held-(\d+)$/.exec(lock)?.[1];
    return pools === 1 || number === undefined ? 'aws' : `pool-${Number(number) % pools}`;
  };
  const busy = Array.from({ length: BUSY_LOCKS }, (_, at) => `busy-${at}`);
  const held = Array.from({ length: claimed }, (_, at) => `held-${at}`);
  const locks = [...busy, ...held, 'old'];
  const keeps = [...new Set(locks.map(poolOf))].flatMap((pool) =>
    ['claimed', 'unclaimed'].map((state) => `${pool}/${state}/.gitkeep`),
  );
  const files = [...keeps, ...locks.map((lock) => `${poolOf(lock)}/unclaimed/${lock}`)];
  yield commit(0, 'Set up the pool', files.map((file) => `M 644 inline ${file}\ndata 0\n`).join(''));

  // The last commits in which a held lock is claimed; all others are claims and releases in turn.
  const claims = new Map(held.map((lock, at) => [commits - 1 - Math.floor((at * within) / claimed), lock]));
  if (hasOldClaim) claims.set(Math.floor(commits / 100), 'old');
  let inHand: string | null = null;
  for (let index = 1; index < commits; index += 1) {
    const claim = claims.get(index);
    const lock: string = claim ?? inHand ?? random.pick(busy);
    const isClaim: boolean = claim !== undefined || inHand === null;
    if (claim === undefined) inHand = isClaim ? lock : null;
    const message = `main/deploy/test build ${index} ${isClaim ? 'claiming' : 'unclaiming'}: ${lock}`;
    yield commit(index, message, move(lock, isClaim));
  }
}

function* inChunks(texts: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const text of texts) {
    chunk.push(text);
    if (chunk.length === 1000) {
      yield chunk.join('');
      chunk = [];
    }
  }
  yield chunk.join('');
}
