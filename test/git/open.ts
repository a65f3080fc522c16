// Opens a repository the way a program would, and keeps what it logs.
import { afterEach } from '@jest/globals';
import type { RepositorySource } from '../../src/core/source/repository-source.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { createLifetime, type OwnedLifetime } from '../../src/runtime/lifetime.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createMask } from '../../src/runtime/secret-mask.ts';

const lifetimes: OwnedLifetime[] = [];

afterEach(() => {
  for (const lifetime of lifetimes.splice(0)) lifetime.end();
});

export interface Opening extends Partial<RepositorySource> {
  readonly uri: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly patience?: number;
  readonly isCached?: boolean;
}

export interface Opened {
  readonly lifetime: OwnedLifetime;
  readonly logged: readonly string[];
  readonly repository: Promise<Repository>;
}

/** As a `source` with only `uri` and `branch` is read. */
const PLAIN = {
  branch: 'main',
  privateKey: null,
  privateKeyUser: null,
  privateKeyPassphrase: null,
  forwardAgent: false,
  username: null,
  password: null,
  skipSslVerification: false,
  httpsTunnel: null,
  gitConfig: [],
  knownHosts: [],
  skipHostKeyCheck: false,
};

export function opening({
  environment = {},
  patience = 20_000,
  isCached = false,
  ...source
}: Opening): Opened {
  const lifetime = createLifetime();
  lifetimes.push(lifetime);
  const logged: string[] = [];
  const mask = createMask();
  const log = createLog(
    (text) => logged.push(text),
    mask,
    () => true,
  );
  const repository = openRepository(
    { ...PLAIN, ...source },
    {
      lifetime,
      log,
      mask,
      patience,
      pause: 1,
      isCached,
      environment: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', ...environment },
    },
  );
  return { lifetime, logged, repository };
}

export function open(source: Opening): Promise<Repository> {
  return opening(source).repository;
}
