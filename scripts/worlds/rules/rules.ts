// The rules that protect a holder, or keep a lock from getting stuck, and what takes each of them out.
import { CLAIMANT_RULES } from './claimant-rules.ts';
import { LAST_LOOK_RULES } from './last-look-rules.ts';
import type { Rule } from './rule.ts';
import { TAKER_RULES } from './taker-rules.ts';
import { TIME_RULES } from './time-rules.ts';

export const RULES: readonly Rule[] = [...CLAIMANT_RULES, ...TAKER_RULES, ...LAST_LOOK_RULES, ...TIME_RULES];
