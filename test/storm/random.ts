export interface Random {
  below(end: number): number;
  pick<T>(list: readonly T[]): T;
}

/** The same numbers on every run (xorshift). */
export function createRandom(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const below = (end: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % end;
  };
  return { below, pick: (list) => list[below(list.length)] as (typeof list)[number] };
}
