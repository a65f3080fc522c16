import { NO_COMMIT } from '../core/lock.ts';
import { staleOf, type Version, versionsToEmit } from '../core/resource-version.ts';
import { staleClaims } from '../core/survey/surveyed.ts';
import { noParams } from '../request/params-schema.ts';
import { type Envelope, parseRequest } from '../request/request.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import { sha256 } from '../runtime/sha256.ts';
import { openSession, type Session } from '../sweep/session.ts';
import { describeSurvey } from '../sweep/survey/log-survey.ts';
import { survey } from '../sweep/survey/survey.ts';

/** `check`: a new version whenever the set of stale claims has changed. */
export async function check(envelope: Envelope, tools: RunTools): Promise<Version[]> {
  const { source, version } = parseRequest(envelope, noParams);
  const session = await openSession(source, tools, { isCached: true });
  const head = await session.repository.fetch();
  const found = await survey(session, head);
  describeSurvey(found, session);
  const stale = staleOf(staleClaims(found), sha256);
  const there = version !== null && stale !== 'none' && (await isThere(session, version));
  return versionsToEmit(version, there, { ref: head, stale });
}

/** Whether `in` could still work for it. */
async function isThere({ repository }: Session, { ref, stale }: Version): Promise<boolean> {
  return stale !== undefined && (ref === NO_COMMIT || (await repository.isInHistory(ref)));
}
