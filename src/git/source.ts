import type { Setting } from './command/git-environment.ts';

/** Where the locks are and how to get at them: the pool resource's keys, with its meaning. */
export interface GitSource extends Partial<GitAccess> {
  readonly uri: string;
  /** Null for the branch that the remote's HEAD names. */
  readonly branch: string | null;
  readonly gitConfig: readonly Setting[];
}

export interface GitAccess {
  readonly privateKey: string | null;
  readonly privateKeyUser: string | null;
  readonly privateKeyPassphrase: string | null;
  readonly forwardAgent: boolean;
  readonly username: string | null;
  readonly password: string | null;
  readonly skipSslVerification: boolean;
  readonly httpsTunnel: Tunnel | null;
  readonly knownHosts: readonly string[];
  readonly skipHostKeyCheck: boolean;
}

/** A proxy that takes CONNECT, for SSH through it. */
export interface Tunnel {
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly password: string | null;
}
