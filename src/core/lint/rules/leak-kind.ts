import type { Ending } from '../endings.ts';
import { isReturnedElsewhere, takeoversOf } from '../handover.ts';
import { type LockUse, untended } from '../leaks.ts';
import type { Around } from './around.ts';

/** In which way the builds of a job leave a lock claimed that they took. */
export type Leak =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-release' }
  | { readonly kind: 'not-in-ensure'; readonly endings: readonly Ending[] }
  | { readonly kind: 'hook-gaps'; readonly endings: readonly Ending[] }
  | { readonly kind: 'lost'; readonly endings: readonly Ending[] }
  /** Handed on by a build that succeeds; nothing returns the lock of one that does not. */
  | { readonly kind: 'handed-on-only'; readonly endings: readonly Ending[]; readonly to: readonly string[] };

export function leakOf(use: LockUse, { pipelines }: Around): Leak {
  const to = [...new Set(takeoversOf(use).map((one) => one.use.job.name))];
  const elsewhere = isReturnedElsewhere(pipelines, use.taking);
  const endings = untended(use, { handsOn: to.length > 0 || elsewhere });
  if (endings.length === 0) return { kind: 'none' };
  if (endings.some(({ lock }) => lock === 'lost')) return { kind: 'lost', endings };
  if (use.returns.length === 0) {
    if (to.length > 0) return { kind: 'handed-on-only', endings, to };
    return { kind: elsewhere ? 'none' : 'no-release' };
  }
  const isInSomeHooks = use.returns.some(({ hook }) => hook !== null && hook !== 'ensure');
  return { kind: isInSomeHooks ? 'hook-gaps' : 'not-in-ensure', endings };
}
