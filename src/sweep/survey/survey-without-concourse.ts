import type { Concourses } from '../../atc/concourses.ts';
import { ConcourseFailure } from '../../atc/http/atc-error.ts';
import type { Survey } from '../../core/survey/surveyed.ts';
import type { Session } from '../session.ts';
import { survey } from './survey.ts';

/**
 * What is there all the same when a run has failed for Concourse's sake: every lock that nothing else decides is
 * undecided. For the metrics, which must not show yesterday's numbers during an outage. Nothing is requested again.
 * Null where the run failed for another reason.
 */
export async function surveyWithoutConcourse(
  session: Session,
  head: string,
  error: unknown,
): Promise<Survey | null> {
  if (!(error instanceof ConcourseFailure) || session.concourses === null) return null;
  const concourses = withoutAnswers(session.concourses, error.sentences.join(' '), session.tools.clock);
  return await survey({ ...session, concourses }, head);
}

function withoutAnswers(concourses: Concourses, problem: string, clock: () => number): Concourses {
  return {
    ...concourses,
    begin: async () => undefined,
    now: clock,
    evidenceFor: async () => ({ kind: 'unreachable', problem }),
  };
}
