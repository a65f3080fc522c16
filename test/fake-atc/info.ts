import { mayRead, unauthorized } from './access.ts';
import { type Answer, json } from './answer.ts';
import type { Ask } from './ask.ts';

export function answerInfo({ ci, externalUrl }: Ask): Answer {
  return json({
    version: ci.version,
    worker_version: ci.workerVersion,
    feature_flags: {},
    external_url: externalUrl,
    ...(ci.clusterName && { cluster_name: ci.clusterName }),
  });
}

export function answerUser({ access: { account } }: Ask): Answer {
  if (account === null) return unauthorized();
  return json({
    sub: account.username,
    name: account.username,
    user_id: account.username,
    user_name: account.username,
    email: '',
    is_admin: account.admin,
    is_system: false,
    teams: Object.fromEntries(Object.entries(account.roles).map(([team, role]) => [team, [role]])),
    connector: 'local',
    display_user_id: account.username,
  });
}

export function answerTeams({ ci, access }: Ask): Answer {
  const teams = ci.teams.map((name, at) => ({ id: at + 1, name }));
  return json(teams.filter(({ name }) => mayRead(access, name)));
}
