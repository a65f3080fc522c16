import { quoteName } from '../core/quote-name.ts';
import { shownUri } from '../core/repository-uri.ts';
import { allLocks, type Survey } from '../core/surveyed.ts';
import { count } from '../core/text.ts';
import type { Session } from './session.ts';

/** Says in the log what was found, and why each lock was judged as it was. */
export function describeSurvey(survey: Survey, session: Session, which: 'all' | 'undecided and stale'): void {
  const { log } = session.tools;
  const locks = allLocks(survey);
  const of = (verdict: string) => locks.filter((lock) => lock.verdict.verdict === verdict).length;
  log.info(
    `${shownUri(session.source.repository.uri)}, branch ${session.repository.branch} at ${survey.ref.slice(0, 10)}: ${count(survey.pools.length, 'pool')}, ${count(locks.length, 'lock')} claimed, ${of('stale')} stale, ${of('undecided')} undecided.`,
  );
  for (const { lock, verdict } of locks) {
    const line = `${quoteName(`${lock.pool}/${lock.name}`)} is ${verdict.verdict} (${verdict.reason}): ${verdict.detail}`;
    if (which === 'all' || verdict.verdict !== 'live') log.info(line);
    else log.debug(line);
  }
  for (const warning of survey.warnings) log.warn(warning);
}
