// A pool of four locks as CI and a person use it, and the Concourse whose builds hold them.
import { afterAll } from '@jest/globals';
import { ciModel, PASSWORD } from '../fake-atc/model.ts';
import { type Atc, startAtc } from '../fake-atc/start-atc.ts';
import type { Ci } from '../fake-atc/types.ts';
import { makeRepository, type TestRepository } from '../git/make-repository.ts';

export interface PoolAtWork {
  readonly repository: TestRepository;
  readonly ci: Ci;
  readonly atc: Atc;
  /** Claim commits by lock. */
  readonly claims: { readonly [lock: string]: string };
  /** Repository and pool, and nothing that could judge. */
  readonly args: readonly string[];
  /** The same with the Concourse. */
  readonly withConcourse: readonly string[];
  /** For the Concourse. */
  readonly env: { readonly CONCOURSE_PASSWORD: string };
}

export const now = Math.floor(Date.now() / 1000);
export const minutesAgo = (minutes: number) => now - minutes * 60;

const open: Atc[] = [];
afterAll(() => Promise.all(open.map((atc) => atc.close())));

/** Made once for a file: each pool at work gets a copy. */
let original: ReturnType<typeof makeOriginal> | null = null;

function makeOriginal() {
  const repository = makeRepository();
  for (const lock of ['env-1', 'env-2', 'env-3', 'env-4'])
    repository.addUnclaimed('aws', lock, { at: minutesAgo(3000) });
  const claim = (lock: string, minutes: number, message: string, author = 'CI <ci@localhost>') =>
    repository.claim('aws', lock, { at: minutesAgo(minutes), message, author, committer: author });
  const claims = {
    'env-3': claim('env-3', 125, 'I need env-3', 'Ada Lovelace <ada@example.com>'),
    'env-1': claim('env-1', 50, 'main/deploy/test build 2 claiming: env-1'),
    'env-2': claim('env-2', 40, 'main/deploy/test build 3 claiming: env-2'),
  };
  return { repository, claims };
}

/** env-1: a build that failed; env-2: one that runs; env-3: Ada, by hand; env-4: free. */
export async function poolAtWork(): Promise<PoolAtWork> {
  original ??= makeOriginal();
  const { claims } = original;
  const repository = original.repository.copy();
  const ci = ciModel();
  const pipeline = ci.pipeline('main', 'deploy', {
    resources: [{ name: 'locks', type: 'pool' }],
    jobs: [{ name: 'test', outputs: ['locks'] }],
  });
  const made = (ref: string) => [{ resource: 'locks', version: { ref } }];
  pipeline.build('test', {
    name: '2',
    status: 'failed',
    start: minutesAgo(51),
    end: minutesAgo(30),
    outputs: made(claims['env-1']),
  });
  pipeline.build('test', {
    name: '3',
    status: 'started',
    start: minutesAgo(41),
    outputs: made(claims['env-2']),
  });
  const atc = await startAtc(ci);
  open.push(atc);
  const args = ['--repo', repository.path, '--pools', 'aws'];
  return {
    repository,
    ci,
    atc,
    claims,
    args,
    withConcourse: [...args, '--concourse-url', atc.url, '--concourse-username', 'pool-boy'],
    env: { CONCOURSE_PASSWORD: PASSWORD },
  };
}

/** Locks in a folder of the pool at the head. */
export function locksIn(repository: TestRepository, folder: 'claimed' | 'unclaimed'): string[] {
  const names = repository.git('ls-tree', '--name-only', `main:aws/${folder}`).split('\n');
  return names.filter((name) => name !== '' && !name.startsWith('.'));
}
