import { describeDuration } from './duration.ts';
import { describeOwner } from './naming.ts';
import { quoteName } from './quote-name.ts';
import type { SurveyedPool } from './surveyed.ts';

/** What an operator should look at, though no lock may be released for it. */
export function warningsOf(pools: readonly SurveyedPool[]): string[] {
  const unseen = new Set<string>();
  const long: string[] = [];
  for (const { policy, locks } of pools) {
    for (const { lock, verdict, heldFor } of locks) {
      if (verdict.reason === 'forbidden' || verdict.reason === 'concourse-unreachable')
        unseen.add(verdict.detail);
      if (verdict.reason === 'excluded' || heldFor <= policy.warnAfter) continue;
      const owner = describeOwner(lock.claim.owner, lock.claim.author);
      const place = quoteName(`${lock.pool}/${lock.name}`);
      long.push(`${place} has been held for ${describeDuration(heldFor)} by ${owner} (${verdict.reason}).`);
    }
  }
  return [...unseen, ...long];
}
