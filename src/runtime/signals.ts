import type { OwnedLifetime } from './lifetime.ts';

/** Milliseconds. Concourse kills ten seconds after it asked: whatever hangs must not keep the clean-up from happening. */
const STOP_WITHIN = 5_000;

/** Ends the run when the process is told to stop. Answers the signal's name once there was one. */
export function stopOnSignals(lifetime: OwnedLifetime, finish: () => void): () => string | null {
  let stoppedBy: string | null = null;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stoppedBy ??= signal;
      lifetime.stop();
      setTimeout(finish, STOP_WITHIN).unref();
    });
  }
  return () => stoppedBy;
}
