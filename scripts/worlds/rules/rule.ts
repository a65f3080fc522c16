import type { Change } from '../bundle.ts';

export type Rule = {
  name: string;
  /** What leads to a world that needs the rule, each as it stands in a script. */
  where?: readonly string[];
  /** What makes up for the rule where it is missing: it is taken out as well, and what goes wrong for that does not count. */
  covers?: readonly Change[];
  changes: readonly Change[];
};

export const VERDICT = 'src/core/verdict';
export const EVIDENCE = 'src/atc/evidence';
