import type { Markup } from './markup.ts';

/**
 * Room for the optional parts of a page. A browser has to open and filter it at once, so with thousands of locks the
 * parts that only add detail to a row are left out, from the first one that no longer fits.
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
