/** Every reason, in the order in which they are tried, and the verdict that it means. */
export const REASONS = {
  conflict: 'undecided',
  excluded: 'live',
  'within-grace': 'live',
  'build-running': 'live',
  'handed-on': 'live',
  'concourse-unreachable': 'undecided',
  forbidden: 'undecided',
  'other-concourse': 'undecided',
  'build-just-ended': 'live',
  kept: 'live',
  'build-ended': 'stale',
  'clock-skew': 'undecided',
  'history-rewritten': 'undecided',
  'timed-out': 'stale',
  'within-timeout': 'live',
  'no-timeout': 'undecided',
} as const;

export type Reason = keyof typeof REASONS;

export interface Verdict {
  readonly verdict: (typeof REASONS)[Reason];
  readonly reason: Reason;
  /** One sentence that names the evidence. */
  readonly detail: string;
}
