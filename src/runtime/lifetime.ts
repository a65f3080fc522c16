/** One run of a program, and everything that must not outlive it: children, temporary files, sockets. */
export interface Lifetime {
  /** Aborted when the run is told to stop (SIGTERM, SIGINT). */
  readonly signal: AbortSignal;
  /** Registers what has to happen at the end, however the run ends; the last registered goes first. Synchronous: there may be no time left. After the end, at once. */
  atEnd(cleanUp: () => void): void;
}

export interface OwnedLifetime extends Lifetime {
  stop(): void;
  end(): void;
}

export function createLifetime(): OwnedLifetime {
  const controller = new AbortController();
  const cleanUps: (() => void)[] = [];
  let hasEnded = false;
  return {
    signal: controller.signal,
    atEnd: (cleanUp) => {
      if (hasEnded) cleanUp();
      else cleanUps.push(cleanUp);
    },
    stop: () => controller.abort(),
    end: () => {
      hasEnded = true;
      for (let next = cleanUps.pop(); next !== undefined; next = cleanUps.pop()) {
        try {
          next();
        } catch {
          // The rest must still be cleaned up.
        }
      }
    },
  };
}
