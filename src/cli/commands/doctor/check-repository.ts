import { Failure } from '../../../core/failure.ts';
import { shownUri } from '../../../core/repository-uri.ts';
import { neverFailingForConcourse, type Session } from '../../../sweep/session.ts';
import type { Cli } from '../../command.ts';
import { openShown, silentAboutAge } from '../../open-session.ts';
import { type Finding, good, problem, shellWord, warning } from './finding.ts';

export interface OpenedRepository {
  readonly session: Session;
  readonly head: string;
}

/** Whether the repository can be read and written; null where it cannot be read. */
export async function checkRepository(
  cli: Cli,
  tell: (finding: Finding) => void,
): Promise<OpenedRepository | null> {
  const { repository: place } = cli.source;
  const uri = shownUri(place.uri);
  try {
    const session = await openShown(cli, silentAboutAge(neverFailingForConcourse(cli.source)));
    const { repository } = session;
    const head = await repository.fetch();
    tell(good(`The repository ${uri} can be read; branch ${repository.branch} is at ${head.slice(0, 10)}.`));
    if (place.branch === null) {
      tell(
        warning(
          `No branch is set, so the default branch of the repository is watched (${repository.branch}): it is another one once somebody changes the default.`,
          `set branch: ${repository.branch} (or --branch ${shellWord(repository.branch)})`,
        ),
      );
    }
    const refusal = await repository.pushProblem(head);
    tell(
      refusal === null
        ? good(
            'The account may push there (shown by a push of what is there already; a protected branch or a hook could still refuse a new commit).',
          )
        : problem(
            `The account may read, but not push: ${refusal.sentences.join(' ')}`,
            'give the account or deploy key the right to write to the repository',
          ),
    );
    return { session, head };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    for (const sentence of error.sentences) tell(problem(sentence, mendFor(place.uri)));
    return null;
  } finally {
    for (const finding of hostKeys(cli)) tell(finding);
  }
}

function mendFor(uri: string): string {
  const isSsh = !/^(https?|git|file):\/\//i.test(uri);
  return isSsh
    ? `try it by hand: git ls-remote ${shellWord(shownUri(uri))}; the key comes from --private-key or POOL_REPO_SSH_PRIVATE_KEY`
    : `try it by hand: git ls-remote ${shellWord(shownUri(uri))}`;
}

function hostKeys({ source: { repository } }: Cli): Finding[] {
  const host = sshHost(repository.uri);
  if (host === null || !repository.skipHostKeyCheck) return [];
  return [
    warning(
      `The host key of ${host} is not checked, so whoever answers under that name gets the commits.`,
      `ssh-keyscan ${shellWord(host)} # compare with what the host publishes, put it into known_hosts, and drop skip_host_key_check`,
    ),
  ];
}

function sshHost(uri: string): string | null {
  const byUrl = /^(?:git\+)?ssh:\/\/(?:[^@/]*@)?([^:/]+)/i.exec(uri)?.[1];
  return byUrl ?? (uri.includes('://') ? null : (/^(?:[^@/:]*@)?([^:/]+):/.exec(uri)?.[1] ?? null));
}
