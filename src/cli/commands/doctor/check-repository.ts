import { Failure } from '../../../core/failure.ts';
import { parseUri, shownUri, sshAddress } from '../../../core/repository-uri.ts';
import type { RepositorySource } from '../../../core/source/repository-source.ts';
import { GitFailure } from '../../../git/failures/git-failure.ts';
import { neverFailingForConcourse, type Session } from '../../../sweep/session.ts';
import type { Cli } from '../../command.ts';
import { openShown, silentAboutAge } from '../../open-session.ts';
import { good, problem, shellWord, type Tell } from './finding.ts';

export interface OpenedRepository {
  readonly session: Session;
  readonly head: string;
}

/** Whether the repository can be read and written; null where it cannot be read. */
export async function checkRepository(cli: Cli, tell: Tell): Promise<OpenedRepository | null> {
  const { repository: source } = cli.source;
  try {
    const session = await openShown(cli, silentAboutAge(neverFailingForConcourse(cli.source)));
    const { repository } = session;
    const head = await repository.fetch();
    const [uri, at] = [shownUri(source.uri), head.slice(0, 10)];
    tell(good(`The repository ${uri} can be read; branch ${repository.branch} is at ${at}.`));
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
    const fix = fixFor(error instanceof GitFailure ? error : null, source);
    for (const sentence of error.sentences) tell(problem(sentence, fix));
    return null;
  }
}

function fixFor(failure: GitFailure | null, source: RepositorySource): string {
  const ssh = sshAddress(parseUri(source.uri));
  const byHand = `try it by hand: git ls-remote ${shellWord(shownUri(source.uri))}`;
  switch (failure?.kind) {
    case 'unknown-host':
    case 'changed-host-key': {
      const keyscan = `ssh-keyscan${ssh?.port == null ? '' : ` -p ${ssh.port}`} ${shellWord(ssh?.host ?? 'HOST')}`;
      const people =
        source.privateKey === null ? '' : '; with private_key set, ~/.ssh/known_hosts is not read';
      return `${keyscan} # compare with what the host publishes, and put it into known_hosts (--known-hosts FILE, or POOL_REPO_KNOWN_HOSTS)${people}`;
    }
    case 'wrong-key':
    case 'wrong-passphrase':
    case 'passphrase-needed':
    case 'not-a-private-key':
    case 'credentials-needed':
    case 'wrong-credentials':
    case 'not-allowed-to-read':
      return ssh === null
        ? `${byHand}; the account comes from the URL, or from username and password (POOL_REPO_USERNAME, POOL_REPO_PASSWORD)`
        : `${byHand}; the key comes from private_key (--private-key FILE, or POOL_REPO_SSH_PRIVATE_KEY)`;
    case 'no-branch':
    case 'no-default-branch':
      return 'set branch (or --branch) to one that is there';
    default:
      return byHand;
  }
}
