import { Failure } from '../../core/failure.ts';
import { planOnSurvey } from '../../core/release/plan-on-survey.ts';
import { planProblemSentence, planWarningSentence } from '../../core/release/plan-problem.ts';
import { claimNameOf, type Release } from '../../core/release/release-plan.ts';
import { allLocks, type Surveyed } from '../../core/survey/surveyed.ts';
import { count, onOneLine, shortList } from '../../core/text.ts';
import { holdOf } from '../../core/verdict/holders.ts';
import { type ExitStatus, UsageError } from '../../runtime/exit-status.ts';
import { type ReleaseOrder, releaseStale } from '../../sweep/release/release-stale.ts';
import { reportOnRun } from '../../sweep/report/report-on-run.ts';
import { neverFailingForConcourse, type Session } from '../../sweep/session.ts';
import { survey } from '../../sweep/survey/survey.ts';
import { type Cli, confirm } from '../command.ts';
import { openShown, silentAboutAge } from '../open-session.ts';
import { readLimit, readLockReference, readText, readTexts, readTime } from '../settings/option-values.ts';
import { destinations, releasesOf } from '../terminal/destinations.ts';
import { lockTable, oneLine } from '../terminal/lock-table.ts';
import { printOutcome } from './clean.ts';
import { type BulkFilter, chooseInBulk, chooseNamed } from './release-choice.ts';

const NEEDS_CLAIM =
  'Without a terminal a lock needs its claim (POOL/LOCK@CLAIM, from `status --output json`), or --yes: its name alone may mean another holder by now.';

/**
 * `pool-boy release`: releases the claims that a person names, one by one or by what they have in common. The person
 * decides, so an outage of Concourse does not stop it; it only says what is not known then.
 */
export async function release(cli: Cli): Promise<ExitStatus> {
  const { source, tools, terminal, options } = cli;
  const named = cli.args.map(readLockReference);
  const filter = readFilter(cli);
  if (named.length > 0 && filter !== null) throw new UsageError('Give lock names or filters, not both.');
  if (named.length === 0 && filter === null)
    throw new UsageError(
      'No lock was named: give POOL/LOCK, or filter with --pool, --team, --pipeline, --job, --by-hand or --claimed-before.',
    );
  const isDryRun = options.dryRun === true;
  const isBlind = !isDryRun && options.yes !== true && !terminal.canAsk;
  if (isBlind && named.some(({ claim }) => claim === null)) throw new UsageError(NEEDS_CLAIM);
  const [limit, to, reason] = [readLimit(options.limit), readTarget(options.to), readReason(options.reason)];
  const session = await openShown(cli, silentAboutAge(neverFailingForConcourse(source)));
  const found = await survey(session, await session.repository.fetch());
  for (const warning of found.warnings) tools.log.warn(warning);
  const locks = allLocks(found);
  const pools = found.pools.map(({ listing }) => listing);
  const choice = filter === null ? chooseNamed(named, locks, pools) : chooseInBulk(filter, locks, found.now);
  for (const warning of choice.warnings) tools.log.warn(planWarningSentence(warning));
  if (choice.problems.length > 0) throw new Failure(choice.problems.map(planProblemSentence));
  // What looked like a claim was part of a name.
  if (isBlind && choice.bare.length > 0) throw new UsageError(NEEDS_CLAIM);
  if (choice.left.length > 0) tools.log.warn(leftAlone(choice.left, found.now));
  if (choice.chosen.length === 0) {
    terminal.print('Nothing to release.');
    return 0;
  }
  terminal.print(lockTable(choice.chosen, found.now, cli));
  const order: ReleaseOrder = {
    wanted: { kind: 'claims', claims: choice.chosen.map(claimNameOf), reason },
    inPools: null,
    to,
    limit,
    dryRun: isDryRun,
    isLogged: false,
  };
  if (isDryRun) return await releaseAndPrint(session, order, cli);
  if (isBlind && filter !== null) {
    tools.log.error('Nothing was released, since this was only the plan; use --yes to release these locks.');
    return 1;
  }
  if (options.yes === true || !terminal.canAsk) return await releaseAndPrint(session, order, cli);
  const plan = planOnSurvey(found, order);
  if (plan.problems.length > 0) throw new Failure(plan.problems.map(planProblemSentence));
  for (const warning of plan.warnings) tools.log.warn(planWarningSentence(warning));
  const claims = releasesOf(plan);
  if (claims.length === 0) {
    terminal.print('Nothing to release.');
    return 0;
  }
  if (!(await confirm(questionFor(choice.chosen, claims, found.now), cli))) {
    tools.log.error('Nothing was released.');
    return 1;
  }
  return await releaseAndPrint(session, { ...order, wanted: { kind: 'claims', claims, reason } }, cli);
}

async function releaseAndPrint(session: Session, order: ReleaseOrder, cli: Cli): Promise<ExitStatus> {
  const run = await releaseStale(session, order);
  if (run.kind === 'failed') throw run.error;
  printOutcome(run.outcome, reportOnRun(run, session), cli);
  return 0;
}

function readFilter({ options, tools }: Cli): BulkFilter | null {
  const filter = {
    pools: readTexts(options.pool),
    team: readText(options.team),
    pipeline: readText(options.pipeline),
    job: readText(options.job),
    byHand: options.byHand === true,
    claimedBefore: readTime(options.claimedBefore, tools.clock(), '--claimed-before'),
    includesLive: options.includeLive === true,
  };
  const { pools, team, pipeline, job, byHand, claimedBefore } = filter;
  const isSet = [pools, team, pipeline, job, claimedBefore].some((value) => value !== null) || byHand;
  return isSet ? filter : null;
}

function readTarget(value: unknown): string | null {
  const pool = readText(value);
  if (pool === '') throw new UsageError('--to: expected the name of a pool, got an empty string.');
  return pool;
}

/** It goes into a commit, as one sentence among others. */
function readReason(value: unknown): string | null {
  const text = onOneLine(readText(value) ?? '').trim();
  return text === '' ? null : text;
}

function questionFor(chosen: readonly Surveyed[], releases: readonly Release[], now: number): string {
  const holders = new Set(chosen.flatMap(({ lock }) => holdOf(lock.claim, now)?.by ?? []));
  const many = (verdict: Surveyed['verdict']['verdict']) =>
    chosen.filter((one) => one.verdict.verdict === verdict).length;
  const [live, undecided] = [many('live'), many('undecided')];
  const sentences = [
    holders.size === 0 ? '' : `Held by ${shortList([...holders].map(oneLine), 5)}. `,
    live === 0
      ? ''
      : `${live} of them ${live === 1 ? 'has a holder that is' : 'have holders that are'} alive, or may be. `,
    undecided === 0
      ? ''
      : `For ${undecided} of them it is unknown whether anyone holds ${undecided === 1 ? 'it' : 'them'}. `,
  ];
  return `\n${sentences.join('')}Release ${count(releases.length, 'lock')}${destinations(releases)}?`;
}

function leftAlone(left: readonly Surveyed[], now: number): string {
  const names = left.map(({ lock, verdict }) => {
    const hold = holdOf(lock.claim, now);
    const why = hold === null ? verdict.reason : `held by ${oneLine(hold.by)}`;
    return `${oneLine(`${lock.pool}/${lock.name}`)} (${why})`;
  });
  const shown = names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return `Left alone: ${shown}${more}; name them one by one, or use --include-live, to release them as well.`;
}
