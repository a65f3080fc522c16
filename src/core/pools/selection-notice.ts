import type { Name } from '../lock.ts';
import { quoteName } from '../quote-name.ts';
import { shortList } from '../text.ts';

/** What somebody should know about the pools that were selected. */
export type SelectionWarning =
  /** It holds `claimed` alone and was not named, so it may be something else. */
  | { readonly kind: 'maybe-no-pool'; readonly pool: Name }
  | { readonly kind: 'no-claimed-folder'; readonly pool: Name }
  | { readonly kind: 'no-such-pool'; readonly name: string }
  /** Named to narrow the selection, but not selected in the first place. */
  | { readonly kind: 'not-selected'; readonly name: string }
  /** Most likely misspelt, and the lock that was meant is not protected. */
  | { readonly kind: 'idle-exclude'; readonly glob: string };

/** Why no pool is selected at all. */
export type SelectionProblem =
  | { readonly kind: 'none-there'; readonly asked: readonly string[]; readonly there: readonly Name[] }
  | { readonly kind: 'none-left'; readonly asked: readonly string[]; readonly selected: readonly Name[] };

export function selectionWarningSentence(warning: SelectionWarning): string {
  switch (warning.kind) {
    case 'maybe-no-pool':
      return `${quoteName(warning.pool)} has a claimed/ folder but no unclaimed/, so it may not be a pool; name it in pools if it is one.`;
    case 'no-claimed-folder':
      return `Pool ${quoteName(warning.pool)} has no claimed/ folder, so the pool resource cannot claim there; add ${quoteName(`${warning.pool}/claimed/.gitkeep`)}.`;
    case 'no-such-pool':
      return `The repository has no pool ${quoteName(warning.name)}.`;
    case 'not-selected':
      return `No pool that source selects matches ${quoteName(warning.name)}.`;
    case 'idle-exclude':
      return `The exclude pattern ${JSON.stringify(warning.glob)} matches no lock.`;
  }
}

export function selectionProblemSentence(problem: SelectionProblem): string {
  const asked = problem.asked.map(quoteName).join(', ');
  switch (problem.kind) {
    case 'none-there':
      return `The repository has no pool ${asked}; ${problem.there.length === 0 ? 'it has none' : `it has ${listed(problem.there)}`}.`;
    case 'none-left':
      return `No pool that source selects matches ${asked}; it selects ${listed(problem.selected)}.`;
  }
}

function listed(names: readonly Name[]): string {
  return shortList([...names].sort().map(quoteName), 20);
}
