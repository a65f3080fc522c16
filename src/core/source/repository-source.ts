/** Where the locks are and how to reach them: the keys of the pool resource, with the same meaning. */
export interface RepositorySource {
  readonly uri: string;
  /** Null: the branch that the remote's HEAD names. */
  readonly branch: string | null;
  readonly privateKey: string | null;
  readonly privateKeyUser: string | null;
  readonly privateKeyPassphrase: string | null;
  readonly forwardAgent: boolean;
  readonly username: string | null;
  readonly password: string | null;
  readonly skipSslVerification: boolean;
  readonly httpsTunnel: HttpsTunnel | null;
  readonly gitConfig: readonly GitSetting[];
  /** Lines of a `known_hosts` file, in addition to the built-in keys. */
  readonly knownHosts: readonly string[];
  readonly skipHostKeyCheck: boolean;
}

/** One setting of git, as `git config` has it. */
export interface GitSetting {
  readonly name: string;
  readonly value: string;
}

/** An HTTP proxy that supports CONNECT, for SSH through it. */
export interface HttpsTunnel {
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly password: string | null;
}
