import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import type { Session } from '../session.ts';

/** How often locks are judged and a release is pushed, where each push loses the race against another one. */
const ATTEMPTS = 10;
/** Milliseconds. */
const LONGEST_WAIT = 5_000;

/**
 * Between two attempts to push. The other push may have been a claim of the very lock, so the caller looks at every lock
 * again. Claims come in bursts: the wait is random, so that two Pool Boys do not meet again. `unchanged`: what the last
 * failure says was not done.
 */
export async function waitAfterLostRace(
  attempt: number,
  { repository, tools }: Session,
  unchanged = 'nothing was released',
): Promise<void> {
  const { branch } = repository;
  if (attempt === ATTEMPTS) {
    throw new Failure(
      `Branch ${branch} moved during all ${ATTEMPTS} push attempts, so ${unchanged}; run again when the repository is less busy.`,
    );
  }
  tools.log.info(
    `Branch ${branch} moved while the locks were judged; judging them again (attempt ${attempt + 1} of ${ATTEMPTS}).`,
  );
  await wait(Math.random() * Math.min(LONGEST_WAIT, 100 * 2 ** attempt), undefined, {
    signal: tools.lifetime.signal,
  });
}
