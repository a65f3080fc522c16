// One release as a plan holds it, and what the run that makes it knows, for tests that only need some push.
import type { Step } from '../../src/core/release/release-plan.ts';

export function releaseOf(lock: string): Step {
  return {
    kind: 'release',
    release: {
      pool: 'aws',
      lock,
      claim: 'c'.repeat(40),
      reason: 'build-ended',
      detail: 'It ended in Zürich.',
      heldFor: 60,
      to: null,
    },
  };
}

export const RUN = { run: 'a-run', version: '1.2.3', buildUrl: null, now: 1_800_000_000 };
