import type { Ci } from '../types.ts';
import type { Row } from './collect-rows.ts';
import type { Recording } from './recordings.ts';

export function addAccounts(ci: Ci, asked: Recording, recordings: readonly Recording[]): void {
  const info = recordings.find(({ path }) => path === '/api/v1/info')?.body as Row | undefined;
  Object.assign(ci, { clusterName: info?.cluster_name, workerVersion: info?.worker_version });
  addOwners(ci, recordings);
  const users = recordings.filter(({ path, as }) => path === '/api/v1/user' && as === 'viewer');
  // Which teams the viewer sees changed in the course of the recording, and decides nothing else that was asked.
  const own =
    users.find(({ name }) => name === asked.name) ?? users.find(({ name: file }) => file === 'user.viewer');
  const teams: Record<string, string[]> = (own?.body as Row | undefined)?.teams ?? { main: ['viewer'] };
  const roles = Object.fromEntries(Object.entries(teams).map(([team, [role = 'viewer']]) => [team, role]));
  ci.account({ username: 'pool-boy', roles });
  ci.account({ username: 'nobody' });
}

function addOwners(ci: Ci, recordings: readonly Recording[]): void {
  const teams = recordings.find(({ name }) => name === 'teams.viewer')?.body as Row[] | undefined;
  const owners = new Map<string, Record<string, string>>();
  for (const { name, auth } of teams ?? []) {
    for (const user of auth.owner?.users ?? []) {
      const username = user.slice('local:'.length);
      owners.set(username, { ...owners.get(username), [name]: 'owner' });
    }
  }
  for (const [username, roles] of owners) ci.account({ username, roles });
}
