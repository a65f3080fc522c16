import type { Lifetime } from '../../runtime/lifetime.ts';
import { killMarked } from './marked-children.ts';

export interface Watch {
  /** Tells git's own process to end, where it cannot be found by its mark. */
  readonly signal: AbortSignal;
  /** Settles when nobody should wait any longer for a command that was told to end. */
  readonly givenUp: Promise<void>;
  sawLife(): void;
  end(): void;
}

export interface Patience {
  /** Milliseconds without any output after which a command counts as hung. */
  readonly patience: number;
  /** Milliseconds that a command may take in all: a server can say a word every minute for ever. */
  readonly limit: number;
}

/** What does not end in this time when it is asked to is ended for it, in milliseconds. */
const SECOND_KILL = 500;
/** What somebody else holds the pipes of is not waited for any longer than this, in milliseconds. */
const LAST_WAIT = 1500;

/**
 * Ends a command, and all that it started, when nothing is heard from it any more, when it takes too long, or when
 * the run is told to stop. The plugins of simple-git would end git alone and then wait for its children's pipes.
 */
export function watchOver(
  mark: string,
  lifetime: Lifetime,
  { patience, limit }: Patience,
  onHung: () => void,
): Watch {
  const controller = new AbortController();
  let giveUp = () => {};
  const givenUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const started = performance.now();
  const timers: NodeJS.Timeout[] = [];
  let isOver = false;
  let lastLife = started;
  const kill = (signal: NodeJS.Signals) => {
    // Without /proc nobody is found, but git itself can always be told.
    if (!isOver && (killMarked(mark, signal) === 0 || signal === 'SIGKILL')) controller.abort();
  };
  const stop = () => {
    kill('SIGTERM');
    timers.push(setTimeout(kill, SECOND_KILL, 'SIGKILL'), setTimeout(giveUp, LAST_WAIT));
  };
  const timer = setInterval(
    () => {
      const now = performance.now();
      if (now - lastLife < patience && now - started < limit) return;
      clearInterval(timer);
      onHung();
      stop();
    },
    Math.min(patience, limit, 1000),
  );
  lifetime.signal.addEventListener('abort', stop);
  // There is no time for a second look when the program ends.
  lifetime.atEnd(() => kill('SIGKILL'));
  return {
    signal: controller.signal,
    givenUp,
    sawLife: () => {
      lastLife = performance.now();
    },
    end: () => {
      isOver = true;
      clearInterval(timer);
      for (const one of timers) clearTimeout(one);
      lifetime.signal.removeEventListener('abort', stop);
    },
  };
}
