import type { Concourses } from '../atc/concourses.ts';
import type { Evidence } from '../core/evidence.ts';
import type { ClaimedLock } from '../core/lock.ts';
import type { Policy } from '../core/policy.ts';
import { judge, type Verdict } from '../core/verdict.ts';

export interface JudgedClaim {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

/** Judges one claim, asking Concourse only as far as the verdict needs. */
export async function judgeClaim(
  concourses: Concourses | null,
  lock: ClaimedLock,
  policy: Policy,
  now: number,
): Promise<JudgedClaim> {
  let evidence: Evidence = concourses === null ? { kind: 'no-concourse' } : { kind: 'not-asked' };
  for (;;) {
    const judgement = judge({ lock, policy, evidence, now });
    if (judgement.kind === 'judged') return { verdict: judgement.verdict, evidence };
    if (concourses === null) throw new Error('a claim was to be asked for where nobody can be asked');
    evidence = await concourses.evidenceFor({
      lock,
      policy,
      depth: judgement.depth,
      previous: evidence,
      now,
    });
  }
}
