import type { Random } from '../../storm/random.ts';
import type { World } from '../types.ts';

export type EventKind = {
  name: string;
  /** How often it is drawn, beside the others. */
  weight: number;
  /** Left out of most worlds, so that in some it happens often with few others. */
  theme?: string;
  apply(world: World, random: Random): void;
};
