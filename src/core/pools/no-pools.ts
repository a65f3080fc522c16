import type { Name } from '../lock.ts';
import { quoteName } from '../quote-name.ts';
import { shortList } from '../text.ts';

/**
 * What to say of a branch that has no pool at all, with the folders that it has instead; `asked` are the pools that
 * were named. Nothing is ever released there, so green runs would hide a wrong `branch` or `uri`.
 */
export function noPoolsSentence(
  branch: string,
  asked: readonly string[],
  rootFolders: readonly Name[],
): string {
  const named =
    asked.length === 0 ? 'no pool' : `no pool ${shortList(asked.map(quoteName), 20)}, and no other`;
  return `Branch ${branch} has ${named}; ${instead(rootFolders)}.`;
}

function instead(rootFolders: readonly Name[]): string {
  const states = ['claimed', 'unclaimed'].filter((name) => rootFolders.includes(name));
  if (states.length > 0) {
    const folders = states.map((name) => `${name}/`).join(' and ');
    return `it has ${folders} at its root, where they belong to no pool, so move them into a folder, whose name is then that of the pool`;
  }
  if (rootFolders.length === 0) return 'it has no folders, so check uri and branch';
  const list = shortList(rootFolders.map(quoteName), 20);
  return `none of its folders (${list}) has claimed/ and unclaimed/ in it, so check uri and branch`;
}
