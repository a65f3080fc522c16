import { askAccount } from '../../../atc/account.ts';
import type { ConcourseSource } from '../../../core/source/concourse-source.ts';
import { count } from '../../../core/text.ts';
import { ownBuildOf } from '../../../runtime/own-build.ts';
import type { Cli } from '../../command.ts';
import { type Finding, good, problem, shellWord, warning } from './finding.ts';

/** Whether every Concourse answers and lets the account in. `teams` are those whose builds claim locks. */
export async function checkConcourses(
  cli: Cli,
  teams: readonly string[],
  tell: (finding: Finding) => void,
): Promise<void> {
  const { concourses } = cli.source;
  if (concourses.length === 0) {
    tell(
      warning(
        'No Concourse is set, so nothing but age decides, also over builds that are alive.',
        'set concourse (--concourse-url, CONCOURSE_USERNAME, CONCOURSE_PASSWORD)',
      ),
    );
  }
  for (const concourse of concourses) await checkConcourse(concourse, cli, teams, tell);
}

async function checkConcourse(
  concourse: ConcourseSource,
  { tools, terminal }: Cli,
  teams: readonly string[],
  tell: (finding: Finding) => void,
): Promise<void> {
  const account = await terminal.progress.during(`Asking ${concourse.url}`, () =>
    askAccount(concourse, {
      ...tools,
      ownBuild: ownBuildOf(tools.environment),
      poolsClaimedIn: async () => new Map(),
    }),
  );
  if (account.kind === 'failed') {
    tell(problem(account.problem, `try it by hand: curl -sS ${shellWord(`${concourse.url}/api/v1/info`)}`));
    return;
  }
  const { url, version, teams: roles, isAdmin } = account;
  if (roles === null) {
    tell(good(`${url} answers (Concourse ${version}).`));
    tell(
      warning(
        'It is asked without a login, so only public pipelines can be seen, and never who waits for a lock.',
        'set username and password of a local user, or a token',
      ),
    );
    return;
  }
  tell(good(`${url} answers (Concourse ${version}) and accepts the login.`));
  if (concourse.skipSslVerification)
    tell(
      warning(
        `The certificate of ${url} is not checked, so whoever answers under that name gets the password.`,
        'set ca_cert instead of skip_ssl_verification',
      ),
    );
  const name = concourse.login.kind === 'password' ? concourse.login.username : 'USER';
  const lacking = isAdmin ? [] : teams.filter((team) => !roles.has(team));
  for (const team of lacking) {
    tell(
      problem(
        `The account has no role in team ${team}, whose builds claim locks: those locks stay undecided.`,
        `fly -t TARGET set-team --team-name ${shellWord(team)} --local-user ${shellWord(name)} # as role viewer, in a config file that keeps the roles that are there`,
      ),
    );
  }
  if (lacking.length === 0 && teams.length > 0)
    tell(
      good(
        `The account may look at ${count(teams.length, 'team')} whose builds claim locks (${teams.join(', ')}).`,
      ),
    );
}
