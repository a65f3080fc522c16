import type { Concourses } from '../atc/concourses.ts';
import type { PoolEntry } from '../core/pools/pool-selection.ts';
import { quoteName } from '../core/quote-name.ts';
import { shownUri } from '../core/repository-uri.ts';
import type { Source } from '../core/source/source.ts';
import { count } from '../core/text.ts';
import type { Repository } from '../git/repository.ts';
import { undecidablePools } from '../request/source-schema.ts';
import { openSession, type Session } from '../sweep/session.ts';
import type { Cli } from './command.ts';
import type { Progress } from './terminal/progress.ts';

/** A session whose long work shows itself on a terminal. */
export async function openShown({ source, tools, terminal }: Cli, changed?: Source): Promise<Session> {
  const { progress } = terminal;
  const uri = shownUri(source.repository.uri);
  const session = await progress.during(`Looking at ${uri}`, () => openSession(changed ?? source, tools));
  return {
    ...session,
    repository: shownRepository(session.repository, uri, progress),
    concourses: session.concourses === null ? null : shownConcourses(session.concourses, progress),
  };
}

function shownRepository(repository: Repository, uri: string, { during }: Progress): Repository {
  return {
    ...repository,
    fetch: () => during(`Fetching ${repository.branch} from ${uri}`, () => repository.fetch()),
    claimsAt: (commit, locks) =>
      during(`Looking for ${count(locks.length, 'claim')}`, () => repository.claimsAt(commit, locks)),
    operationsSince: (head, since, take) =>
      during('Reading the history', () => repository.operationsSince(head, since, take)),
    operationsOn: (head, lock, most) =>
      during('Reading the history', () => repository.operationsOn(head, lock, most)),
    pushProblem: (head) => during(`Trying a push to ${uri}`, () => repository.pushProblem(head)),
    push: (steps, base, info) =>
      during(`Pushing ${count(steps.length, 'commit')} to ${uri}`, () => repository.push(steps, base, info)),
  };
}

function shownConcourses(concourses: Concourses, progress: Progress): Concourses {
  let [asked, answered] = [0, 0];
  const text = () => `Asking Concourse (${answered} of ${asked} answered)`;
  return {
    ...concourses,
    begin: () => {
      [asked, answered] = [0, 0];
      return progress.during('Asking Concourse', () => concourses.begin());
    },
    pipelinesUsing: (repository) =>
      progress.during('Reading the pipelines', () => concourses.pipelinesUsing(repository)),
    evidenceFor: async (query) => {
      asked += 1;
      try {
        return await progress.during(text(), () => concourses.evidenceFor(query));
      } finally {
        answered += 1;
        progress.say(text());
      }
    },
  };
}

/** For answers that show every lock's age themselves: warnings of those held for long would only say it again. */
export function silentAboutAge(source: Source): Source {
  const warnAfter = Number.POSITIVE_INFINITY;
  const silent = ({ name, policy }: PoolEntry) => ({ name, policy: { ...policy, warnAfter } });
  return {
    ...source,
    policy: { ...source.policy, warnAfter },
    pools: source.pools?.map(silent) ?? null,
    narrowedTo: source.narrowedTo.map((entries) => entries.map(silent)),
  };
}

/** On the command line a pool that nothing can judge is worth a warning: a person may only want to look. */
export function warnOfUndecidable({ source, tools }: Cli): void {
  const pools = undecidablePools(source);
  if (pools.length === 0) return;
  const names = pools.flatMap((pool) => (pool.kind === 'named' ? [quoteName(pool.name)] : []));
  const where = names.length === 0 ? '' : ` in ${names.join(', ')}`;
  tools.log.warn(
    `There is neither a timeout nor a Concourse, so no lock${where} can be judged stale; set --pools POOL:MINUTES, --stale-after or --concourse-url.`,
  );
}
