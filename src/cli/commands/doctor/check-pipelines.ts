import { Failure } from '../../../core/failure.ts';
import type { PoolListing } from '../../../core/lock.ts';
import { count } from '../../../core/text.ts';
import { lintRepository } from '../../../sweep/lint-repository.ts';
import type { Session } from '../../../sweep/session.ts';
import { placeOf } from '../lint/lint-text.ts';
import { good, problem, type Tell, warning } from './finding.ts';

/** Whether the pipelines that use the repository return their locks: one line for each finding of lint. */
export async function checkPipelines(
  session: Session,
  listings: readonly PoolListing[],
  tell: Tell,
): Promise<void> {
  try {
    const linted = await lintRepository(session, listings);
    // That Concourse does not answer, or is not set, was said already.
    if (linted === null || linted.unanswered) return;
    const { pipelines, findings, unclear } = linted;
    for (const finding of findings)
      tell(
        warning(
          `${placeOf(finding)}: ${finding.message}`,
          `pool-boy lint # shows the YAML that fixes it (${finding.rule})`,
        ),
      );
    const [first, ...others] = unclear;
    if (first !== undefined) {
      const more = others.length === 0 ? '' : ` The same is so of ${count(others.length, 'other')}.`;
      tell(warning(`${first}${more}`, 'pool-boy lint FILE # reads a pipeline from its file'));
    }
    if (pipelines.length === 0) tell(good('No pipeline that can be read has a pool in this repository.'));
    else if (findings.length === 0)
      tell(
        good(`${count(pipelines.length, 'pipeline')} with a pool in this repository: lint finds nothing.`),
      );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    for (const sentence of error.sentences) tell(problem(sentence, null));
  }
}
