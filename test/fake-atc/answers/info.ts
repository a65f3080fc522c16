import type { Ci } from '../types.ts';
import { mayRead, unauthorized } from './access.ts';
import { type Answer, json } from './answer.ts';
import type { Ask } from './ask.ts';
import { majorVersion } from './present.ts';

export function answerInfo({ ci, externalUrl }: Ask): Answer {
  const flags = {
    build_rerun: false,
    cache_streamed_volumes: false,
    global_resources: false,
    resource_causality: false,
  };
  return json({
    version: ci.version,
    worker_version: ci.workerVersion,
    ...(majorVersion(ci) >= 7 && { feature_flags: flags }),
    external_url: externalUrl,
    ...(ci.clusterName && { cluster_name: ci.clusterName }),
  });
}

export function answerUser({ ci, access: { account } }: Ask): Answer {
  if (account === null) return unauthorized();
  return json({
    sub: subjectOf(account.username),
    name: account.username,
    user_id: account.username,
    user_name: '',
    email: account.username,
    is_admin: account.admin,
    is_system: false,
    teams: Object.fromEntries(Object.entries(account.roles).map(([team, role]) => [team, [role]])),
    ...(majorVersion(ci) >= 7 && { connector: 'local', display_user_id: account.username }),
  });
}

export function answerTeams({ ci, access }: Ask): Answer {
  const teams = ci.teams.map((name, at) => ({ id: at + 1, name, auth: authOf(ci, name) }));
  return json(teams.filter(({ name }) => mayRead(access, name)));
}

/** Who has which role on a team. */
function authOf(ci: Ci, team: string): object {
  const roles = new Set(ci.accounts.flatMap(({ roles }) => roles[team] ?? []));
  return Object.fromEntries(
    [...roles].toSorted().map((role) => {
      const holders = ci.accounts.filter((account) => account.roles[team] === role);
      return [role, { groups: [], users: holders.map(({ username }) => `local:${username}`).toSorted() }];
    }),
  );
}

/** The name and the connector, as dex encodes them: each a length and its bytes, the name behind tag 1. */
function subjectOf(username: string): string {
  const part = (tag: number, text: string) => [tag, text.length, ...Buffer.from(text)];
  return Buffer.from([...part(0x0a, username), ...part(0x12, 'local')]).toString('base64url');
}
