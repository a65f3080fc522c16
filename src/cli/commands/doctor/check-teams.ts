import { hostAndPort, isLoopback } from '../../../atc/http/atc-url.ts';
import type { Operation } from '../../../core/history/lock-operation.ts';
import { count } from '../../../core/text.ts';
import type { AnsweringConcourse } from './check-concourse.ts';
import { good, problem, shellWord, type Tell } from './finding.ts';

/**
 * Whether the accounts can view the teams whose builds claim locks. A claim's URL tells which Concourse it was made
 * by; one without a URL can be of any of them, so one account that can view its team is enough.
 */
export function checkTeams(
  operations: readonly Operation[],
  concourses: readonly AnsweringConcourse[],
  tell: Tell,
): void {
  // Without a login no team is lacking: only public pipelines are seen, which was reported.
  const withLogin = concourses.filter(({ account }) => account.teams !== null);
  if (withLogin.length === 0) return;
  const seen = new Set<string>();
  const lacking = new Map<string, { readonly team: string; readonly at: readonly AnsweringConcourse[] }>();
  for (const { kind, owner } of operations) {
    if (kind !== 'claim' || owner.kind !== 'job') continue;
    const candidates = concoursesOf(owner.url, concourses);
    const teamsAt = candidates.map((one) => ({ one, team: owner.team ?? one.source.team }));
    const viewable = teamsAt.find(({ one, team }) => canView(one, team));
    const [first] = teamsAt;
    if (viewable !== undefined) seen.add(viewable.team);
    else if (first !== undefined)
      lacking.set(JSON.stringify([first.team, candidates.map(({ account }) => account.url)]), {
        team: first.team,
        at: candidates,
      });
  }
  for (const { team, at } of [...lacking.values()].toSorted((a, b) => a.team.localeCompare(b.team)))
    tell(lackingRole(team, at, concourses.length > 1));
  if (lacking.size > 0 || seen.size === 0) return;
  const teams = [...seen].sort();
  tell(
    good(
      `The account can view ${count(teams.length, 'team')} whose builds claim locks (${teams.join(', ')}).`,
    ),
  );
}

/** None for a claim of a Concourse that is not configured, which is reported with the claim. */
function concoursesOf(
  url: string | null,
  concourses: readonly AnsweringConcourse[],
): readonly AnsweringConcourse[] {
  if (url === null || isLoopback(url)) return concourses;
  const host = hostAndPort(url);
  return concourses.filter(({ account }) => account.addresses.some((one) => hostAndPort(one) === host));
}

function canView({ account }: AnsweringConcourse, team: string): boolean {
  return account.teams === null || account.isAdmin || account.teams.has(team);
}

/**
 * `fly set-team` replaces all roles of a team, and `--local-user` makes that user its only owner: so the fix is a file
 * that keeps the roles that are there, and a command that fails for as long as nobody has written it.
 */
function lackingRole(team: string, at: readonly AnsweringConcourse[], isOneOfSeveral: boolean) {
  const login = at[0]?.source.login;
  const user = login?.kind === 'password' ? login.username : 'USER';
  const file = shellWord(`${team.replace(/[^\w.-]+/g, '_')}-team.yml`);
  const where = isOneOfSeveral ? ` at ${at.map(({ account }) => account.url).join(' or ')}` : '';
  return problem(
    `The account has no role in team ${team}${where}, whose builds claim locks, so those locks stay undecided.`,
    [
      `fly -t TARGET get-team --team-name ${shellWord(team)} # shows the roles that are there; write all of them to ${file}, and add the last one:`,
      'roles:',
      '  - name: owner # and so on, as get-team shows them',
      '    local: { users: [...] }',
      '  - name: viewer',
      `    local: { users: [${JSON.stringify(user)}] }`,
      `fly -t TARGET set-team --team-name ${shellWord(team)} --config ${file}`,
    ].join('\n'),
  );
}
