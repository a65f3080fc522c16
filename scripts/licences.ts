// The licences of the packages whose code is in the bundles. The build writes them beside the programs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  /** As it was written before 2014. */
  readonly licenses?: readonly { readonly type: string }[];
}

const TEXT = /^(licen[cs]e|copying|notice)/i;

/** The folders of the packages that bundled files come from, by path. `files` are relative to the project. */
export function packageFolders(files: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort();
}

/** Throws when a package does not name its licence: it may not be shipped then. */
export function describeLicences(folders: readonly string[], root = '.'): string {
  const parts = folders.map((folder) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const license = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' or ');
    if (!license) throw new Error(`${folder} names no licence.`);
    const texts = readdirSync(join(root, folder)).filter((file) => TEXT.test(file));
    const heading = `${manifest.name} ${manifest.version} (${license})`;
    const text = texts.map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
    return `${heading}\n${'='.repeat(heading.length)}\n\n${text.join('\n\n') || 'The package has no text of it.'}\n`;
  });
  return `These packages are part of Pool Boy's programs.\n\n${parts.join('\n\n')}`;
}
