import type { Lifetime } from '../../runtime/lifetime.ts';
import { milliseconds } from '../../runtime/stopwatch.ts';
import { killMarked, memoryOfMarked } from './marked-children.ts';
import type { WaitingBudget } from './waiting-budget.ts';

export interface Watch {
  /** Ends git's own process, where it cannot be found by its mark. */
  readonly signal: AbortSignal;
  /** Settles when a command that was told to end is not waited for any longer. */
  readonly givenUp: Promise<void>;
  sawLife(): void;
  end(): void;
}

/** When a command is ended before it ends by itself. */
export interface CommandLimits {
  /** Milliseconds without any output after which a command counts as hung. */
  readonly patience: number;
  /** Milliseconds that a command may take in all: a server may send output forever. */
  readonly limit: number;
  /** What all commands of a run may wait in silence together; null for those that ask no server. */
  readonly waiting: WaitingBudget | null;
  /** Bytes of memory that a command and all that it starts may take: git keeps every ref that a server lists. */
  readonly memory: number;
}

export type EndedBy = 'timed-out' | 'out-of-memory';

/** How long a command has to end after SIGTERM before it is killed, in milliseconds. */
const SECOND_KILL = 500;
/** How long to wait for a command whose pipes another process still holds, in milliseconds. */
const LAST_WAIT = 1500;

/**
 * Ends a command, and all that it started, when it prints nothing any more, when it takes too long or too much memory,
 * or when the run is told to stop. The plugins of simple-git would end git alone and then wait for its children's
 * pipes.
 */
export function watchOver(
  mark: string,
  lifetime: Lifetime,
  { patience, limit, waiting, memory }: CommandLimits,
  onEnded: (by: EndedBy) => void,
): Watch {
  const controller = new AbortController();
  let giveUp = () => {};
  const givenUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const started = milliseconds();
  const longestSilence = Math.min(patience, waiting?.left() ?? patience);
  const timers: NodeJS.Timeout[] = [];
  let isOver = false;
  let lastLife = started;
  const kill = (signal: NodeJS.Signals) => {
    // Without /proc no process is found, but git itself can always be ended.
    if (!isOver && (killMarked(mark, signal) === 0 || signal === 'SIGKILL')) controller.abort();
  };
  const stop = () => {
    kill('SIGTERM');
    timers.push(setTimeout(kill, SECOND_KILL, 'SIGKILL'), setTimeout(giveUp, LAST_WAIT));
  };
  const trouble = (): EndedBy | null => {
    const now = milliseconds();
    if (now - lastLife >= longestSilence || now - started >= limit) return 'timed-out';
    return memoryOfMarked(mark) > memory ? 'out-of-memory' : null;
  };
  const timer = setInterval(
    () => {
      const by = trouble();
      if (by === null) return;
      clearInterval(timer);
      onEnded(by);
      stop();
    },
    Math.min(longestSilence, limit, 1000),
  );
  lifetime.signal.addEventListener('abort', stop);
  // There is no time to wait when the program ends.
  lifetime.atEnd(() => kill('SIGKILL'));
  const sawLife = () => {
    const now = milliseconds();
    waiting?.spend(now - lastLife);
    lastLife = now;
  };
  return {
    signal: controller.signal,
    givenUp,
    sawLife,
    end: () => {
      isOver = true;
      sawLife();
      clearInterval(timer);
      for (const one of timers) clearTimeout(one);
      lifetime.signal.removeEventListener('abort', stop);
    },
  };
}
