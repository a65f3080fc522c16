import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Lifetime } from '../../runtime/lifetime.ts';
import type { Log } from '../../runtime/log.ts';
import type { Mask } from '../../runtime/secret-mask.ts';
import type { GitFailure } from '../failures/git-failure.ts';

/** Credentials and transport for the remote. Only commands that talk to it get them, but for the agent. */
export interface Access {
  /** The remote's URL without a secret in it: git and ssh get it as an argument. */
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: readonly GitSetting[];
  /** The variables that lead to the SSH agent, which can sign commits as well; empty where there is none. */
  readonly agent: Readonly<Record<string, string>>;
  /** A failure in better words, where further questions can find them. */
  explain(failure: GitFailure): Promise<GitFailure>;
}

export interface AccessTools {
  /** Private to this run; what is written there holds no secret. */
  readonly folder: string;
  readonly lifetime: Lifetime;
  readonly log: Log;
  readonly mask: Mask;
  /** The environment of git commands, for the programs that are started here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Our own environment. */
  readonly outer: NodeJS.ProcessEnv;
}
