import type { Markup } from './markup.ts';

/**
 * Room for what a page can do without. A browser has to open it and to filter it at once, so with thousands of locks
 * the parts that only add to what a row says are left out, from the first one that no longer fits.
 */
export interface Room {
  /** The part, or null where there is no more room for it. */
  take(part: Markup): Markup | null;
  readonly isFull: boolean;
}

/** `size`: in characters of HTML. */
export function createRoom(size: number): Room {
  let left = size;
  return {
    take(part) {
      left -= part.text.length;
      return left < 0 ? null : part;
    },
    get isFull() {
      return left < 0;
    },
  };
}
