// The model: one Concourse in memory. A test builds it in a few lines and may change it between two requests.
import { randomUUID } from 'node:crypto';
import { createBuild } from './model/create-build.ts';
import { createPipeline } from './model/create-pipeline.ts';
import type { Account, Build, BuildStatus, Ci } from './types.ts';

export type CiOptions = Partial<
  Pick<
    Ci,
    | 'version'
    | 'workerVersion'
    | 'clusterName'
    | 'externalUrl'
    | 'now'
    | 'login'
    | 'localUsers'
    | 'booting'
    | 'jobsLimited'
  >
> & {
  /** Without this there is one: pool-boy, a viewer of main. */
  accounts?: (Partial<Account> & { username: string })[];
};

export const PASSWORD = 'correct horse battery';

const DAY = 24 * 60 * 60;

export function ciModel(options: CiOptions = {}): Ci {
  const { accounts = [{ username: 'pool-boy', roles: { main: 'viewer' } }], ...settings } = options;
  // Ids are given out in steps, so that no test passes because two kinds of id happen to be equal.
  let lastId = 1000;
  const ci: Ci = {
    version: '8.2.5',
    workerVersion: '2.5',
    clusterName: '',
    externalUrl: null,
    now: null,
    login: 'issuer',
    localUsers: true,
    booting: 0,
    jobsLimited: null,
    ...settings,
    accounts: [],
    tokens: new Map(),
    teams: ['main'],
    pipelines: [],
    builds: [],

    time: () => ci.now ?? Math.floor(Date.now() / 1000),
    at: (minutes) => ci.time() + Math.round(minutes * 60),
    nextId: () => {
      lastId += 3;
      return lastId;
    },
    account: (config) => {
      const account: Account = { password: PASSWORD, roles: {}, admin: false, ...config };
      ci.accounts.push(account);
      for (const team of Object.keys(account.roles)) addTeam(ci, team);
      return account;
    },
    token: (account = ci.accounts[0]) => {
      if (account === undefined) throw new Error('this Concourse has no accounts');
      const token = `token-${randomUUID()}`;
      ci.tokens.set(token, { account, expires: ci.time() + DAY });
      return token;
    },
    revokeTokens: () => ci.tokens.clear(),
    pipeline: (team, name, config = {}) => {
      addTeam(ci, team);
      const pipeline = createPipeline(ci, team, name, config);
      ci.pipelines.push(pipeline);
      return pipeline;
    },
    renameTeam: (from, to) => {
      ci.teams = ci.teams.map((team) => (team === from ? to : team));
      for (const row of [...ci.pipelines, ...ci.builds]) if (row.team === from) row.team = to;
      for (const account of ci.accounts) {
        const { [from]: role, ...others } = account.roles;
        if (role !== undefined) account.roles = { ...others, [to]: role };
      }
    },
    oneOff: (team, config = {}) => {
      addTeam(ci, team);
      const { pipeline = null, ...build } = config;
      return createBuild(ci, team, pipeline, null, build);
    },
  };
  for (const account of accounts) ci.account(account);
  return ci;
}

/** A build starts: its inputs are saved at this moment, not before. */
export function startBuild(build: Build, start: number): void {
  build.status = 'started';
  build.start = start;
}

export function endBuild(build: Build, status: BuildStatus, end: number): void {
  build.status = status;
  build.end = end;
}

function addTeam(ci: Ci, team: string): void {
  if (!ci.teams.includes(team)) ci.teams.push(team);
}
