import { describeDuration } from '../duration.ts';
import type { Policy } from '../policy.ts';
import type { Reason } from './reasons.ts';

/** For a person who asks "why not?" or "why?": which rule decided, and what would have to change for another verdict. */
export function remedyFor(reason: Reason, policy: Policy): string {
  switch (reason) {
    case 'conflict':
      return 'Remove the lock from one of the two folders with a commit; until then it is not touched.';
    case 'excluded':
      return 'It stays until its name is no longer matched by exclude, of the pool or of the top level.';
    case 'within-grace':
      return `It is judged once the claim is older than the grace of ${describeDuration(policy.grace)}.`;
    case 'build-running':
      return 'It stays for as long as the build is alive; abort the build if it hangs.';
    case 'handed-on':
      return 'It stays until the job that has it, or can still take it, has ended; unpause or abort that job, archive its pipeline, or set handover_timeout.';
    case 'concourse-unreachable':
      return 'It is judged as soon as Concourse answers that request: run pool-boy doctor, or release it by name.';
    case 'forbidden':
      return 'Give the account the role viewer in that team (fly set-team), and it is judged in the next run.';
    case 'other-concourse':
      return 'Add that Concourse to concourse, or its URL to former_urls if it moved.';
    case 'build-just-ended':
      return `It is judged once the last holder ended more than ${describeDuration(policy.grace)} ago (${describeDuration(policy.errorGrace)} if it errored).`;
    case 'kept':
      return 'A hold covers it, or a rule says keep (on_success, on_failure, on_error, on_abort or by_hand): end the hold (pool-boy unhold), change the rule, or release the lock by name.';
    case 'build-ended':
      return 'The next run releases it; to keep only this one for a while use pool-boy hold, and to keep locks of such builds set on_failure, on_error, on_abort or on_success to keep.';
    case 'clock-skew':
      return 'Set the clock of the worker that made the claim; the lock is judged when that time has come, or release it by name.';
    case 'history-rewritten':
      return 'It is not known who claimed it: ask around, then release it by name.';
    case 'timed-out':
      return 'The next run releases it; to give holders more time set a longer stale_after.';
    case 'within-timeout':
      return `It is released when the timeout of ${describeDuration(policy.staleAfter ?? 0)} has passed and a last look then finds no build that has it; or release it by name.`;
    case 'no-timeout':
      return 'No build is known to hold it, and nothing proves that its holder ended: set stale_after, or release it by name.';
  }
}
