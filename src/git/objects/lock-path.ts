import type { Name } from '../../core/lock.ts';

/** The two folders of a pool, which are the two states of a lock. */
export type LockState = 'claimed' | 'unclaimed';

/** A lock, whatever its state. */
export interface LockPlace {
  readonly pool: Name;
  readonly name: Name;
}

/** Where a lock is in the tree: `POOL/claimed/LOCK` or `POOL/unclaimed/LOCK`. */
export function lockPath({ pool, name }: LockPlace, state: LockState = 'claimed'): string {
  return `${pool}/${state}/${name}`;
}

/** A state folder as a path part. */
export function isLockState(part: string | undefined): part is LockState {
  return part === 'claimed' || part === 'unclaimed';
}

/**
 * The lock that a path is, or null for every other path. The *outermost* state folder makes the pool, as real
 * repositories hold directory locks that are called `claimed`; dot files beside the locks are none.
 */
export function lockAt(path: string): (LockPlace & { readonly state: LockState }) | null {
  const parts = path.split('/');
  const at = parts.findIndex((part, index) => index > 0 && isLockState(part));
  const state = parts[at];
  const name = parts[at + 1];
  if (!isLockState(state) || name === undefined || parts.length !== at + 2 || /^(?:\.|$)/.test(name))
    return null;
  return { pool: parts.slice(0, at).join('/'), name, state };
}

/** Whether a folder can be a pool: a folder inside a pool's state folder is a lock, or part of one. */
export function canBePool(folder: string): boolean {
  return folder !== '' && !folder.split('/').slice(1).some(isLockState);
}
