import { describeDuration } from '../../core/duration.ts';
import { Failure } from '../../core/failure.ts';
import type { Operation } from '../../core/history/lock-operation.ts';
import { releaserOf } from '../../core/history/releaser.ts';
import { claimedAt, type Name, type PoolListing } from '../../core/lock.ts';
import { describeOwner, labelOwner } from '../../core/naming.ts';
import { selectPools } from '../../core/pools/pool-selection.ts';
import { quoteName } from '../../core/quote-name.ts';
import { findLock, type LockName, type LockReference, shownLock } from '../../core/release/find-lock.ts';
import type { Surveyed, SurveyedPool } from '../../core/survey/surveyed.ts';
import { clock, describePast, isoTime } from '../../core/time.ts';
import { remedyFor } from '../../core/verdict/remedy.ts';
import { describeHold } from '../../report/hold-text.ts';
import { holdReport } from '../../report/model.ts';
import { type ExitStatus, UsageError } from '../../runtime/exit-status.ts';
import { neverFailingForConcourse, type Session } from '../../sweep/session.ts';
import { survey } from '../../sweep/survey/survey.ts';
import type { Cli } from '../command.ts';
import { openShown, silentAboutAge, warnOfUndecidable } from '../open-session.ts';
import { readLimit, readLockReference } from '../settings/option-values.ts';
import { oneLine, plainText } from '../terminal/lock-table.ts';
import { renderTable, wrap } from '../terminal/table.ts';
import { evidenceLines } from './evidence-text.ts';

const NEWEST = 20;

/** `pool-boy explain`: one lock's story, what Concourse said, and what would have to change. */
export async function explain(cli: Cli): Promise<ExitStatus> {
  warnOfUndecidable(cli);
  const { source, terminal, tools, options, args } = cli;
  const most = readLimit(options.limit) ?? NEWEST;
  if (most === 0) throw new UsageError('--limit: expected at least 1, got 0.');
  const reference = readLockReference(args[0] ?? '');
  const session = await openShown(cli, silentAboutAge(neverFailingForConcourse(source)));
  const { repository } = session;
  const head = await repository.fetch();
  const listings = await repository.poolsAt(head);
  const { lock: place, nearest } = resolve(reference, listings);
  const { pool, now } = await surveyPool(place.pool, listings, head, session);
  const held = pool?.locks.find(({ lock }) => lock.name === place.lock) ?? null;
  const told = await repository.operationsOn(head, { pool: place.pool, name: place.lock }, most + 1);
  const operations = [...standingClaim(held, told, now), ...told];
  if (operations.length === 0 && !isThere(place, pool?.listing))
    throw new Failure(`There is no lock ${shownLock(place)}, and there never was one${hintAt(nearest)}`);
  const said =
    held === null
      ? []
      : evidenceLines(held.evidence, claimedAt(held.lock.claim, now), now).map(tools.mask.apply);
  if (options.output === 'json') {
    terminal.print(
      JSON.stringify(asJson(place, held, pool ?? null, operations.slice(0, most), said), null, 2),
    );
    return 0;
  }
  terminal.print(heading(place, held, pool, cli, now));
  if (held !== null && pool !== undefined) terminal.print(judgementText(held, pool, said, cli, now));
  terminal.print(storyText(operations, most, cli, now));
  return 0;
}

/** A lock that is gone has a story all the same, in a pool that is there. */
function resolve(
  reference: LockReference,
  pools: readonly PoolListing[],
): { readonly lock: LockName; readonly nearest: LockName | null } {
  const found = findLock(reference, pools);
  if (found.kind === 'no-pool')
    throw new Failure(`No pool has a lock ${quoteName(reference.path)}${hintAt(found.nearest)}`);
  return { lock: found.lock, nearest: found.kind === 'found' ? null : found.nearest };
}

function hintAt(nearest: LockName | null): string {
  return nearest === null ? '; see `pool-boy status`.' : `; did you mean ${shownLock(nearest)}?`;
}

/** Only this pool is judged, under the policy that the source gives it; undefined where it does not select it. */
async function surveyPool(
  pool: Name,
  listings: readonly PoolListing[],
  head: string,
  session: Session,
): Promise<{ readonly pool: SurveyedPool | undefined; readonly now: number }> {
  const { source, tools } = session;
  const isSelected = selectPools(listings, source).pools.some(({ listing }) => listing.name === pool);
  if (!isSelected) return { pool: undefined, now: tools.clock() };
  const narrowedTo = [...source.narrowedTo, [{ name: pool, policy: {} }]];
  const found = await survey({ ...session, source: { ...source, narrowedTo } }, head);
  return { pool: found.pools.find(({ listing }) => listing.name === pool), now: found.now };
}

function isThere({ lock }: LockName, listing: PoolListing | undefined): boolean {
  return [...(listing?.claimed ?? []), ...(listing?.unclaimed ?? [])].includes(lock);
}

function heading(
  place: LockName,
  held: Surveyed | null,
  pool: SurveyedPool | undefined,
  { terminal: { paint } }: Cli,
  now: number,
): string {
  const name = paint('bold', oneLine(shownLock(place)));
  if (pool === undefined)
    return `${name}: its pool is not selected by source, so its holder is not looked up.\n`;
  if (held === null) return `${name} is ${isThere(place, pool.listing) ? 'free' : 'gone'}.\n`;
  const { claim } = held.lock;
  return `${name} is claimed by ${oneLine(labelOwner(claim.owner, claim.author))} since ${describePast(claimedAt(claim, now), now)}, commit ${claim.commit}.\n`;
}

function judgementText(
  { lock, verdict }: Surveyed,
  { policy }: SurveyedPool,
  said: readonly string[],
  cli: Cli,
  now: number,
): string {
  const { terminal, tools } = cli;
  const width = Math.min(terminal.width ?? 100, 120) - 2;
  const paragraph = (title: string, lines: readonly string[]) =>
    [
      terminal.paint('bold', title),
      ...lines.flatMap((line) => wrap(plainText(tools.mask.apply(line)), width).map((one) => `  ${one}`)),
    ].join('\n');
  const url = lock.claim.owner.kind === 'person' ? null : lock.claim.owner.url;
  // Where the hold decides, the verdict says so.
  const hold =
    verdict.reason === 'kept' ? null : holdReport(lock.claim.hold, claimedAt(lock.claim, now) ?? now, now);
  return `${[
    paragraph(`Verdict: ${verdict.verdict} (${verdict.reason})`, [verdict.detail]),
    ...(hold === null ? [] : [paragraph('Hold', [`Held ${describeHold(hold)}.`])]),
    paragraph('What Concourse said', [...said, ...(url === null ? [] : [`The claim names ${url}`])]),
    paragraph('What would change it', [remedyFor(verdict.reason, policy)]),
  ].join('\n\n')}\n\n`;
}

/** A claim made by a merge is no operation, but the story must not end before it. */
function standingClaim(held: Surveyed | null, told: readonly Operation[], now: number): Operation[] {
  if (held === null || told.find(({ kind }) => kind !== 'add')?.kind === 'claim') return [];
  const { pool, name, claim } = held.lock;
  const { commit, owner, author } = claim;
  const at = claimedAt(claim, now) ?? now;
  return [{ kind: 'claim', pool, lock: name, at, commit, owner, author, otherPool: null, byPoolBoy: false }];
}

/** Seconds; null where one of the two times is not known. */
function between(from: number | null, until: number | null): number | null {
  return from === null || until === null ? null : until - from;
}

/** Oldest first, as a story is told. */
function storyText(newestFirst: readonly Operation[], most: number, { terminal }: Cli, now: number): string {
  const told = newestFirst.slice(0, most).reverse();
  const done = { claim: 'claimed', release: 'released', add: 'added', remove: 'removed' };
  let claim: Operation | null = null;
  const rows = told.map((operation) => {
    const { kind, at, owner, author, commit, byPoolBoy } = operation;
    const since = kind === 'release' || kind === 'remove' ? claim : null;
    const releaser = since === null ? '' : ` (${releaserOf(since.owner, operation)})`;
    if (kind !== 'add') claim = kind === 'claim' ? operation : null;
    const who = byPoolBoy
      ? 'Pool Boy'
      : owner.kind === 'person'
        ? `${author} (by hand)`
        : describeOwner(owner, author);
    return [
      { text: clock(at, now) },
      { text: `${done[kind]}${oneLine(move(operation))}` },
      { text: since === null ? '' : `after ${describeDuration(between(since.at, at))}` },
      { text: `${oneLine(who)}${releaser}` },
      { text: commit.slice(0, 10) },
    ];
  });
  const columns = ['WHEN', 'WHAT', 'HELD', 'BY', 'COMMIT'].map((title) => ({ title }));
  const more =
    newestFirst.length > most ? `\nThere are older entries; use --limit ${most * 10} to see them.` : '';
  const table = renderTable(columns, rows, terminal.width, (text) => terminal.paint('dim', text));
  return `${terminal.paint('bold', 'History')}\n${rows.length === 0 ? 'No commit mentions it.' : table}${more}`;
}

function move({ kind, otherPool }: Operation): string {
  if (otherPool === null) return '';
  return kind === 'add' ? ` (from pool ${otherPool})` : ` to pool ${otherPool}`;
}

function asJson(
  place: LockName,
  held: Surveyed | null,
  surveyed: SurveyedPool | null,
  operations: readonly Operation[],
  said: readonly string[],
) {
  return {
    schema: 1,
    pool: place.pool.toWellFormed(),
    lock: place.lock.toWellFormed(),
    state: held !== null ? 'claimed' : isThere(place, surveyed?.listing) ? 'unclaimed' : 'gone',
    claim: held === null ? null : held.lock.claim.commit,
    verdict: held?.verdict.verdict ?? null,
    reason: held?.verdict.reason ?? null,
    detail: held?.verdict.detail ?? null,
    concourse: said,
    remedy: held === null || surveyed === null ? null : remedyFor(held.verdict.reason, surveyed.policy),
    operations: operations.map((one) => ({
      kind: one.kind,
      at: one.at === null ? null : isoTime(one.at),
      by: one.byPoolBoy ? 'Pool Boy' : describeOwner(one.owner, one.author).toWellFormed(),
      commit: one.commit,
      other_pool: one.otherPool?.toWellFormed() ?? null,
    })),
  };
}
