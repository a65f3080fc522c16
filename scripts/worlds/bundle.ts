// Bundles the worlds with the product's source, in which one place can be changed: a worker then starts fast, and a
// change of a rule needs no copy of the source.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

export type Change = { file: string; from: string; to: string };

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'worlds');

/** Answers the path of the bundle. A change whose place is not there once is an error. */
export async function bundleWorlds(name: string, changes: readonly Change[] = []): Promise<string> {
  const outfile = join(CACHE, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'player.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    plugins: [assets, changed(changes)],
    logLevel: 'warning',
  });
  return outfile;
}

const assets: Plugin = {
  name: 'assets',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/assets\// }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      loader: 'text',
    })),
};

function changed(changes: readonly Change[]): Plugin {
  return {
    name: 'changed',
    setup: ({ onLoad }) => {
      for (const file of new Set(changes.map((change) => change.file))) {
        const path = join(ROOT, file);
        onLoad({ filter: new RegExp(`^${path.replaceAll('.', '\\.')}$`) }, () => ({
          contents: apply(
            readFileSync(path, 'utf8'),
            changes.filter((change) => change.file === file),
          ),
          loader: 'ts',
        }));
      }
    },
  };
}

export function apply(source: string, changes: readonly Change[]): string {
  return changes.reduce((text, { file, from, to }) => {
    if (text.split(from).length !== 2) throw new Error(`${file} does not have this exactly once: ${from}`);
    return text.replace(from, () => to);
  }, source);
}
