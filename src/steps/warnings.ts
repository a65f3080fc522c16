import { describeDuration } from '../core/duration.ts';
import { describeOwner } from '../core/owner.ts';
import { quoteName } from '../core/quote.ts';
import type { SurveyedPool } from '../report/model.ts';

/** What an operator should look at, though no lock may be released for it. */
export function warningsOf(pools: readonly SurveyedPool[]): string[] {
  const forbidden = new Set<string>();
  const long: string[] = [];
  for (const { policy, locks } of pools) {
    for (const { lock, verdict, evidence, heldFor } of locks) {
      if (verdict.reason === 'forbidden') forbidden.add(verdict.detail);
      if (verdict.reason === 'excluded' || heldFor <= policy.warnAfter) continue;
      const owner = describeOwner(lock.claim.owner, lock.claim.author);
      const place = quoteName(`${lock.pool}/${lock.name}`);
      long.push(`${place} has been held for ${describeDuration(heldFor)} by ${owner} (${verdict.reason}).`);
      if (evidence.kind === 'unreachable')
        forbidden.add(`Concourse gave no trustworthy answer: ${evidence.problem}`);
    }
  }
  return [...forbidden, ...long];
}
