import { hasControls } from '../text.ts';

/** Why git has no branch of this name (`git check-ref-format`), as the end of a sentence; null when it may have. */
export function branchProblem(branch: string): string | null {
  if (branch === '') return 'is empty';
  if (branch.startsWith('-')) return 'starts with "-"';
  if (branch === '@') return 'is "@"';
  if (branch.startsWith('refs/')) return 'starts with "refs/": give the branch name alone';
  if (!branch.isWellFormed()) return 'is not well-formed Unicode';
  if (hasControls(branch) || /[ ~^:?*[\\]/.test(branch))
    return 'has a character that git allows in no branch name';
  if (branch.includes('..') || branch.includes('@{')) return 'has ".." or "@{" in it';
  if (branch.endsWith('.')) return 'ends with "."';
  const parts = branch.split('/');
  if (parts.includes('')) return 'has an empty part between slashes';
  if (parts.some((part) => part.startsWith('.') || part.endsWith('.lock'))) {
    return 'has a part that starts with "." or ends with ".lock"';
  }
  return null;
}
