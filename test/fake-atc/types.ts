// What the stand-in for the ATC knows: the rows of Concourse's database, as far as anybody asks for them.

export type Version = Readonly<Record<string, string>>;
export type InstanceVars = Readonly<Record<string, unknown>>;
export type BuildStatus = 'pending' | 'started' | 'succeeded' | 'failed' | 'errored' | 'aborted';

/** A version belongs to the source that it was found with: after a rotation of credentials it is out of sight. */
export type SavedVersion = {
  id: number;
  version: Version;
  scope: number;
  enabled: boolean;
  metadata: readonly { name: string; value: string }[];
};

export type Resource = {
  id: number;
  name: string;
  type: string;
  source: Readonly<Record<string, unknown>>;
  tags: readonly string[];
  /** Counts the sources that this resource has had. */
  scope: number;
  /** Oldest first, as checks and puts found them. */
  versions: SavedVersion[];
  /** The same by scope and fields, for histories with many thousands of them. */
  known: Map<string, SavedVersion>;
  /** False once it has left the config. */
  active: boolean;
  /** What a person has pinned in the web UI: the only version that jobs get from now on. */
  pinned: Version | null;
  lastChecked: number | null;
  /** The newest check, which is a build too; null: never checked. */
  check: Build | null;
};

export type JobInput = {
  name: string;
  resource: string;
  passed: readonly string[];
  trigger: boolean;
  /** The get step's `version`: `every`, a pinned version, or null for the latest. Not shown in answers. */
  version: 'every' | Version | null;
};
export type JobOutput = { name: string; resource: string };

export type NextInput = { resource: Resource; saved: SavedVersion };

/** By the input's name; null where no set of versions fits. */
export type NextInputs = ReadonlyMap<string, NextInput> | null;

export type Job = {
  id: number;
  name: string;
  active: boolean;
  paused: boolean;
  pausedAt: number | null;
  public: boolean;
  /** Shown as it is: it stays true after the inputs were used, so it is no evidence of anything. */
  hasNewInputs: boolean;
  inputs: readonly JobInput[];
  outputs: readonly JobOutput[];
  /** Set while the scheduler leaves this job alone (paused), or by a test; undefined: computed at each request. */
  nextInputs: NextInputs | undefined;
  lastBuildNumber: number;
  builds: Build[];
};

export type BuildVersion = { name: string; resource: Resource; saved: SavedVersion };

export type Build = {
  id: number;
  name: string;
  status: BuildStatus;
  team: string;
  pipeline: Pipeline | null;
  job: Job | null;
  /** Set for a check: such a build has a resource and no job. */
  resource: Resource | null;
  /** Unix seconds, null while there is none. */
  start: number | null;
  end: number | null;
  reaped: number | null;
  createdBy: string | null;
  inputs: BuildVersion[];
  outputs: BuildVersion[];
  rerunOf: Build | null;
  rerunNumber: number;
  /** The body of `/plan`; undefined: made up from the job and what the build took and made. */
  plan: unknown;
};

export type Account = {
  username: string;
  password: string;
  /** Team → role. Every role may read; what is not here is a 403. */
  roles: Record<string, string>;
  admin: boolean;
};

export type Token = { account: Account; expires: number };

export type ResourceConfig = {
  name: string;
  type?: string;
  source?: Record<string, unknown>;
  tags?: string[];
  id?: number;
};

export type JobConfig = {
  name: string;
  inputs?: (
    | string
    | { name?: string; resource: string; passed?: string[]; trigger?: boolean; version?: 'every' | Version }
  )[];
  outputs?: (string | { name?: string; resource: string })[];
  paused?: boolean;
  public?: boolean;
  id?: number;
};

export type PipelineConfig = {
  resources?: (string | ResourceConfig)[];
  jobs?: JobConfig[];
};

export type PipelineOptions = PipelineConfig & {
  /** What `/config` answers; left out: made up from resources and jobs. */
  file?: object;
  instanceVars?: InstanceVars;
  public?: boolean;
  paused?: boolean;
  archived?: boolean;
  id?: number;
};

export type BuildVersionConfig = { name?: string; resource: string; version: Version };

export type BuildConfig = {
  id?: number;
  name?: string;
  status?: BuildStatus;
  start?: number | null;
  end?: number | null;
  reaped?: number;
  createdBy?: string;
  inputs?: BuildVersionConfig[];
  outputs?: BuildVersionConfig[];
  rerunOf?: Build;
  plan?: unknown;
};

export type Pipeline = {
  id: number;
  team: string;
  name: string;
  instanceVars: InstanceVars | null;
  public: boolean;
  paused: boolean;
  archived: boolean;
  pausedBy: string | null;
  pausedAt: number | null;
  lastUpdated: number;
  file: object | null;
  resources: Resource[];
  jobs: Job[];

  /** Also finds a job that has left the config, so that its builds can go on. */
  job(name: string): Job;
  resource(name: string): Resource;
  build(job: string, config?: BuildConfig): Build;
  /** As `fly set-pipeline`: what the new config lacks becomes inactive, its builds stay and run on. */
  set(config: PipelineConfig): void;
  addResource(config: ResourceConfig): Resource;
  addJob(config: JobConfig): Job;
  removeJob(name: string): void;
  renameJob(from: string, to: string): void;
  pause(): void;
  unpause(): void;
  pauseJob(name: string): void;
  unpauseJob(name: string): void;
  archive(): void;
  rename(to: string): void;
  /** As `fly destroy-pipeline`: its builds are gone too, and a new pipeline of this name starts at 1. */
  destroy(): void;
  /** What a check found, oldest first. */
  found(resource: string, ...versions: Version[]): SavedVersion[];
  addInput(build: Build, input: BuildVersionConfig): void;
  addOutput(build: Build, output: BuildVersionConfig): void;
  /** Hides all that is known of the resource's versions, as a changed source does. */
  rotateCredentials(resource: string): void;
  /** As the web UI's pin; null: unpinned. */
  pin(resource: string, version: Version | null): void;
  /** As the web UI's switch beside a version: it can be no input from now on. */
  disable(resource: string, version: Version): void;
  /** As "check now" in the web UI, or `fly check-resource`: a build that has a resource and no job. */
  check(resource: string, config?: BuildConfig): Build;
  /** Overrides the next inputs of a job; null: undetermined; undefined: computed again. */
  setNextInputs(job: string, inputs: Record<string, Version> | null | undefined): void;
};

export type Ci = {
  version: string;
  workerVersion: string;
  clusterName: string;
  /** null: the server's own URL. */
  externalUrl: string | null;
  /** Unix seconds; null: the real time. */
  now: number | null;
  login: 'issuer' | 'legacy';
  /** False: only LDAP, OIDC and the like can log in. */
  localUsers: boolean;
  /** So many right passwords are refused, as by an ATC that is still starting. */
  booting: number;
  /** What `/api/v1/jobs` answers where the operator limits it. */
  jobsLimited: 501 | 503 | null;
  accounts: Account[];
  tokens: Map<string, Token>;
  teams: string[];
  pipelines: Pipeline[];
  builds: Build[];

  /** Unix seconds, so many minutes from the model's now. */
  at(minutes: number): number;
  time(): number;
  nextId(): number;
  account(config: Partial<Account> & { username: string }): Account;
  /** A token as `fly login` leaves it in `~/.flyrc`. */
  token(account?: Account): string;
  revokeTokens(): void;
  pipeline(team: string, name: string, options?: PipelineOptions): Pipeline;
  renameTeam(from: string, to: string): void;
  /** With a pipeline: as `fly execute --inputs-from`, its plan then has to be given. */
  oneOff(team: string, config?: BuildConfig & { pipeline?: Pipeline }): Build;
};
