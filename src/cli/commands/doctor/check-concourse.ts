import { type Account, askAccount } from '../../../atc/account.ts';
import type { ConcourseSource } from '../../../core/source/concourse-source.ts';
import { ownBuildOf } from '../../../runtime/own-build.ts';
import type { Cli } from '../../command.ts';
import { good, problem, shellWord, type Tell, warning } from './finding.ts';

/** A Concourse that answered. */
export interface AnsweringConcourse {
  readonly source: ConcourseSource;
  readonly account: Extract<Account, { kind: 'accepted' }>;
}

export interface CheckedConcourses {
  readonly answering: readonly AnsweringConcourse[];
  /** What was reported of the others. */
  readonly problems: readonly string[];
}

/** Whether every Concourse answers and accepts the login. */
export async function checkConcourses(cli: Cli, tell: Tell): Promise<CheckedConcourses> {
  const answering: AnsweringConcourse[] = [];
  const problems: string[] = [];
  for (const source of cli.source.concourses) {
    const account = await ask(source, cli);
    if (account.kind === 'accepted') {
      answering.push({ source, account });
      tellOfLogin(account, tell);
    } else {
      problems.push(account.problem);
      const info = shellWord(`${source.url}/api/v1/info`);
      tell(problem(account.problem, `try it by hand: curl -sS ${info}`));
    }
  }
  if (cli.source.concourses.length === 0) {
    tell(
      warning(
        'No Concourse is configured, so locks are judged by age alone, even while their build runs.',
        'set concourse (--concourse-url, CONCOURSE_USERNAME, CONCOURSE_PASSWORD)',
      ),
    );
  }
  return { answering, problems };
}

function ask(source: ConcourseSource, { tools, terminal }: Cli): Promise<Account> {
  return terminal.progress.during(`Asking ${source.url}`, () =>
    askAccount(source, {
      ...tools,
      ownBuild: ownBuildOf(tools.environment),
      poolsClaimedIn: async () => new Map(),
    }),
  );
}

function tellOfLogin({ url, version, teams }: AnsweringConcourse['account'], tell: Tell): void {
  if (teams !== null) {
    tell(good(`${url} answers (Concourse ${version}) and accepts the login.`));
    return;
  }
  tell(good(`${url} answers (Concourse ${version}).`));
  tell(
    warning(
      `Pool Boy has no login at ${url}, so it can see public pipelines only, and never who waits for a lock.`,
      'set username and password of a local user, or a token',
    ),
  );
}
