import type { Concourses } from '../../atc/concourses.ts';
import type { ClaimedLock } from '../../core/lock.ts';
import type { Policy } from '../../core/policy.ts';
import type { Evidence } from '../../core/verdict/evidence.ts';
import { judge } from '../../core/verdict/judge.ts';
import type { Verdict } from '../../core/verdict/reasons.ts';

export interface JudgedClaim {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

/**
 * Judges one claimed lock on as little evidence as decides it: nothing is asked about a lock that is excluded or
 * fresh, one request tells that its build runs, and only a lock that may be stale is looked into.
 */
export async function judgeClaim(
  concourses: Concourses | null,
  lock: ClaimedLock,
  policy: Policy,
  now: number,
): Promise<JudgedClaim> {
  let evidence: Evidence = { kind: concourses === null ? 'no-concourse' : 'not-asked' };
  for (;;) {
    const judgement = judge({ lock, policy, evidence, now });
    if (judgement.kind === 'judged') return { evidence, verdict: judgement.verdict };
    if (concourses === null) throw new Error('Without a Concourse there is nothing more to ask.');
    const { depth } = judgement;
    const wantsNext = policy.onSuccess === 'handover';
    evidence = await concourses.evidenceFor({
      lock,
      depth,
      previous: evidence,
      wantsNext,
      limitsWaiting: policy.handoverTimeout !== null,
      grace: policy.grace,
      errorGrace: policy.errorGrace,
    });
  }
}
