import type { HoldReport } from './model.ts';

/** Who holds a claim by a commit, until when and why: `by Ada until 2026-12-01T10:00:00Z (bug 42)`. */
export function describeHold({ by, until, reason }: HoldReport): string {
  return `by ${by} until ${until}${reason === null ? '' : ` (${reason})`}`;
}
