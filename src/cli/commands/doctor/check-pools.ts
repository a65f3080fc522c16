import type { Name, PoolListing } from '../../../core/lock.ts';
import { type SelectedPool, selectPools } from '../../../core/pools/pool-selection.ts';
import { selectionProblemSentence, selectionWarningSentence } from '../../../core/pools/selection-notice.ts';
import { quoteName } from '../../../core/quote-name.ts';
import { count, hasControls } from '../../../core/text.ts';
import type { Cli } from '../../command.ts';
import { type Finding, GIT, good, problem, shellPath, shellWord, type Tell, warning } from './finding.ts';

/** Whether the pools are there and whole. */
export function checkPools(
  found: readonly PoolListing[],
  { source }: Cli,
  tell: Tell,
): readonly SelectedPool[] {
  const { pools, problems, warnings } = selectPools(found, source);
  for (const one of problems)
    tell(problem(selectionProblemSentence(one), 'name a pool that is there in pools, or check branch'));
  const listings = pools.map(({ listing }) => listing);
  for (const one of warnings) {
    // A missing folder is reported below, with the command that adds it.
    if (one.kind === 'no-claimed-folder') continue;
    tell(
      warning(
        selectionWarningSentence(one),
        'check the name in pools, or name the folder there if it is a pool',
      ),
    );
  }
  const findings = listings.flatMap((listing) => [
    ...foldersOf(listing),
    ...bothFolders(listing),
    ...names(listing),
  ]);
  for (const finding of findings) tell(finding);
  if (problems.length === 0 && findings.length === 0)
    tell(good(`${count(pools.length, 'pool')}: all have both folders, and no lock is in two of them.`));
  return pools;
}

function foldersOf({ name, claimed, unclaimed, claimedIsKept }: PoolListing): Finding[] {
  const pool = quoteName(name);
  if (claimed === null) {
    return [
      problem(`Pool ${pool} has no claimed/ folder, so every claim there fails.`, addKeep(name, 'claimed')),
    ];
  }
  const findings: Finding[] = [];
  if (unclaimed === null)
    findings.push(
      problem(
        `Pool ${pool} has no unclaimed/ folder; git dropped it when its last lock was claimed, so the next release may fail.`,
        addKeep(name, 'unclaimed'),
      ),
    );
  if (!claimedIsKept)
    findings.push(
      warning(
        `Pool ${pool} has no claimed/.gitkeep, so git drops the folder with its last lock, and the next claim fails.`,
        addKeep(name, 'claimed'),
      ),
    );
  return findings;
}

function addKeep(pool: Name, folder: string): string {
  const path = shellPath(`${pool}/${folder}`);
  const keep = shellPath(`${pool}/${folder}/.gitkeep`);
  return `mkdir -p ${path} && touch ${keep} && ${GIT} add ${keep} && git commit -m ${shellWord(`keeping ${pool}/${folder}`)} && git push`;
}

function bothFolders({ name, claimed, unclaimed }: PoolListing): Finding[] {
  const both = (claimed ?? []).filter((lock) => (unclaimed ?? []).includes(lock));
  return both.map((lock) =>
    problem(
      `${quoteName(`${name}/${lock}`)} exists in both claimed/ and unclaimed/, so two builds may hold it and releases fail.`,
      `${GIT} rm ${shellPath(`${name}/unclaimed/${lock}`)} && git commit -m ${shellWord(`${lock} is claimed`)} && git push`,
    ),
  );
}

function names({ name, claimed, unclaimed }: PoolListing): Finding[] {
  const locks = [...new Set([...(claimed ?? []), ...(unclaimed ?? [])])];
  return [
    ...oddities(name).map((why) => odd(`The name of pool ${quoteName(name)} ${why}`)),
    ...locks.flatMap((lock) =>
      oddities(lock).map((why) => odd(`The name of lock ${quoteName(`${name}/${lock}`)} ${why}`)),
    ),
  ];
}

function odd(text: string): Finding {
  return warning(`${text}.`, 'rename it with git mv while it is unclaimed');
}

function oddities(name: Name): string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [!name.isWellFormed(), 'is not UTF-8, which many programs cannot write'],
    [hasControls(name), 'has control characters'],
    [name.startsWith('-'), 'starts with "-", which programs read as an option'],
    [name !== name.trim(), 'starts or ends with a space'],
    [
      name.includes('%'),
      'has a "%", which garbles the pool resource\'s commit messages, so who claimed is unknown',
    ],
    [name !== name.normalize('NFC'), 'is written with combining characters, which look like another name'],
  ];
  return checks.flatMap(([applies, why]) => (applies ? [why] : []));
}
