import { readdirSync } from 'node:fs';
import { ciModel, PASSWORD } from '../fake-atc/model.ts';
import { type Atc, startAtc } from '../fake-atc/start-atc.ts';
import type { BuildStatus, Ci, Pipeline } from '../fake-atc/types.ts';
import { makeRepository, type TestRepository } from '../git/make-repository.ts';
import { temporaryFolder } from '../git/temporary-folder.ts';

export const MINUTE = 60;

/** A lock repository and the Concourse whose builds claim there. */
export interface World {
  readonly repository: TestRepository;
  readonly ci: Ci;
  readonly pipeline: Pipeline;
  readonly atc: Atc;
  /** An empty folder, for a program's temporary files. */
  readonly folder: string;
  leftBehind(): string[];
  /** The names in a folder at the head. */
  filesIn(folder: string): string[];
  /** `source` for both, with a pool `aws` and no timeout unless the test sets one. */
  source(more?: Record<string, unknown>): Record<string, unknown>;
  /** A build of `main/deploy/test` claims a lock of the pool `aws`, which it takes with it when it ends. */
  claimByBuild(lock: string, build: ClaimingBuild): string;
}

export interface ClaimingBuild {
  readonly name: string;
  readonly status?: BuildStatus;
  /** Minutes ago. */
  readonly claimed?: number;
  readonly ended?: number;
  readonly pool?: string;
  /** The message of the claim, where it is not the fork's. */
  readonly message?: string;
}

/** The present time, in unix seconds, some minutes ago. */
export function minutesAgo(minutes: number): number {
  return Math.floor(Date.now() / 1000) - minutes * MINUTE;
}

/** Made once for a file, by their locks: each world gets a copy. */
const originals = new Map<string, TestRepository>();

function makeOriginal(locks: readonly string[]): TestRepository {
  const repository = makeRepository();
  for (const lock of locks) repository.addUnclaimed('aws', lock, { at: minutesAgo(5000) });
  return repository;
}

export async function startWorld(locks: readonly string[] = ['env-1', 'env-2', 'env-3']): Promise<World> {
  const original = originals.get(locks.join(' ')) ?? makeOriginal(locks);
  originals.set(locks.join(' '), original);
  const repository = original.copy();
  const folder = temporaryFolder();
  const ci = ciModel();
  const pipeline = ci.pipeline('main', 'deploy', {
    resources: [{ name: 'locks', type: 'pool' }],
    jobs: [{ name: 'test', outputs: ['locks'] }],
  });
  const atc = await startAtc(ci);
  return {
    repository,
    ci,
    pipeline,
    atc,
    folder,
    leftBehind: () => readdirSync(folder),
    filesIn: (path) =>
      repository
        .git('ls-tree', '--name-only', 'main', `${path}/`)
        .split('\n')
        .map((file) => file.slice(path.length + 1))
        .filter((name) => name !== ''),
    source: (more = {}) => ({
      uri: repository.uri,
      pools: ['aws'],
      concourse: { url: atc.url, username: 'pool-boy', password: PASSWORD },
      ...more,
    }),
    claimByBuild: (lock, { name, status = 'started', claimed = 30, ended = 20, pool = 'aws', message }) => {
      const commit = repository.claim(pool, lock, {
        at: minutesAgo(claimed),
        message: message ?? `main/deploy/test build ${name} claiming: ${lock}`,
      });
      const end = status === 'started' || status === 'pending' ? null : minutesAgo(ended);
      pipeline.build('test', {
        name,
        status,
        start: minutesAgo(claimed + 1),
        end,
        outputs: [{ resource: 'locks', version: { ref: commit } }],
      });
      return commit;
    },
  };
}
