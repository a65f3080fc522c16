import { quoteName } from '../../core/quote-name.ts';
import { shownUri } from '../../core/repository-uri.ts';
import { allLocks, type Survey, type Surveyed } from '../../core/survey/surveyed.ts';
import { count } from '../../core/text.ts';
import type { Reason } from '../../core/verdict/reasons.ts';
import type { Session } from '../session.ts';

/** Logs what was found, and why each lock that is not live was judged as it was; the live ones in one line. */
export function describeSurvey(survey: Survey, session: Session): void {
  const { log } = session.tools;
  const locks = allLocks(survey);
  const many = (verdict: string) => locks.filter((lock) => lock.verdict.verdict === verdict).length;
  const repository = shownUri(session.source.repository.uri);
  log.info(
    `${repository}, branch ${session.repository.branch} at ${survey.ref.slice(0, 10)}: ${count(survey.pools.length, 'pool')}, ${count(locks.length, 'lock')} claimed, ${many('stale')} stale, ${many('undecided')} undecided.`,
  );
  for (const { lock, verdict } of locks) {
    const line = `${quoteName(`${lock.pool}/${lock.name}`)} is ${verdict.verdict} (${verdict.reason}): ${verdict.detail}`;
    if (verdict.verdict === 'live') log.debug(line);
    else log.info(line);
  }
  const live = liveLine(locks);
  if (live !== null) log.info(live);
  for (const warning of survey.warnings) log.warn(warning);
}

/** `31 locks are live: 16 running, 9 handed on, 6 within their timeout.` */
function liveLine(locks: readonly Surveyed[]): string | null {
  const live = locks.filter(({ verdict }) => verdict.verdict === 'live');
  if (live.length === 0) return null;
  const many = new Map<Reason, number>();
  for (const { verdict } of live) many.set(verdict.reason, (many.get(verdict.reason) ?? 0) + 1);
  const parts = [...many]
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, those]) => `${those} ${inWords(reason)}`);
  return `${count(live.length, 'lock is', 'locks are')} live: ${parts.join(', ')}.`;
}

function inWords(reason: Reason): string {
  switch (reason) {
    case 'build-running':
      return 'running';
    case 'handed-on':
      return 'handed on';
    case 'within-timeout':
      return 'within their timeout';
    case 'within-grace':
      return 'claimed just now';
    case 'build-just-ended':
      return 'just ended';
    default:
      return reason;
  }
}
