// The direction of the imports, as one table. Writes it into biome.json, so that the linter enforces it;
// `node scripts/layers.ts` after a change here, and a test compares the two.
import { readFileSync, writeFileSync } from 'node:fs';

/** For each folder of src the other folders that its files may import from. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  pipeline: ['core'],
  request: ['core'],
  report: ['core'],
  metrics: ['core', 'report'],
  runtime: ['core'],
  git: ['core', 'runtime'],
  atc: ['core', 'pipeline', 'runtime'],
  sweep: ['core', 'pipeline', 'request', 'report', 'metrics', 'runtime', 'git', 'atc'],
  steps: ['core', 'request', 'report', 'runtime', 'sweep'],
  cli: ['core', 'pipeline', 'request', 'report', 'metrics', 'runtime', 'git', 'atc', 'sweep'],
  bin: ['runtime', 'steps', 'cli'],
};

/** Inside a folder: its subfolders from the lowest up. A file imports from its own and from lower ones. */
const SUBFOLDERS: Readonly<Record<string, readonly string[]>> = {
  atc: ['http', 'api', 'evidence'],
  sweep: ['survey', 'release', 'report'],
  git: ['failures', 'command', 'objects', 'access', 'clone', 'releases', 'claims', 'operations'],
};

const PURE = ['core', 'pipeline', 'request', 'report'];
/** The one file of core that turns a point of time into a calendar date. */
const CALENDAR = 'src/core/time.ts';

const PURE_GLOBALS = [
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'Buffer',
];

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

function packagePatterns(folder: string): Pattern[] {
  const patterns: Pattern[] = [];
  if (folder !== 'git')
    patterns.push({ group: ['simple-git', 'ssh2'], message: 'Only src/git runs git and reads keys.' });
  if (folder !== 'atc')
    patterns.push({
      group: ['got'],
      message: 'Only src/atc asks Concourse; elsewhere Node has fetch.',
    });
  if (PURE.includes(folder))
    patterns.push({ group: ['node:*'], message: 'This folder is pure: facts in, values out.' });
  if (folder === 'core' || folder === 'report')
    patterns.push({ group: ['zod'], message: 'This folder gets values that were parsed already.' });
  return patterns;
}

function layerPatterns(folder: string): Pattern[] {
  const allowed = LAYERS[folder] ?? [];
  const denied = Object.keys(LAYERS).filter((other) => other !== folder && !allowed.includes(other));
  if (denied.length === 0) return [];
  const list = allowed.length === 0 ? 'nothing outside itself' : allowed.join(', ');
  return [
    {
      group: denied.flatMap((other) => [`../${other}/**`, `../../${other}/**`, `../../../${other}/**`]),
      message: `src/${folder} may import only: ${list}.`,
    },
  ];
}

function subfolderPatterns(folder: string, subfolder: string): Pattern[] {
  const order = SUBFOLDERS[folder] ?? [];
  const higher = order.slice(order.indexOf(subfolder) + 1);
  if (higher.length === 0) return [];
  return [
    {
      group: higher.map((other) => `../${other}/**`),
      message: `src/${folder}/${subfolder} is below ${higher.join(', ')}.`,
    },
  ];
}

function override(includes: readonly string[], patterns: readonly Pattern[]) {
  return {
    includes,
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } },
  };
}

function globals(includes: readonly string[], denied: Readonly<Record<string, string>>) {
  return {
    includes,
    linter: {
      rules: { style: { noRestrictedGlobals: { level: 'error', options: { deniedGlobals: denied } } } },
    },
  };
}

/** The overrides of biome.json that come from the tables here. */
export function layerOverrides(): unknown[] {
  const imports = Object.keys(LAYERS).flatMap((folder) => [
    override([`src/${folder}/**`], [...packagePatterns(folder), ...layerPatterns(folder)]),
    // A later override replaces the patterns of an earlier one, so they are all listed again.
    ...(SUBFOLDERS[folder] ?? []).map((subfolder) =>
      override(
        [`src/${folder}/${subfolder}/**`],
        [...packagePatterns(folder), ...layerPatterns(folder), ...subfolderPatterns(folder, subfolder)],
      ),
    ),
  ]);
  const pure = Object.fromEntries(PURE_GLOBALS.map((name) => [name, 'This folder is pure: pass it in.']));
  return [
    ...imports,
    globals(
      PURE.map((folder) => `src/${folder}/**`),
      pure,
    ),
    globals(['src/core/**', `!${CALENDAR}`], {
      ...pure,
      Date: 'The core has no clock: `now` is an argument.',
    }),
  ];
}

/** biome.json as it should be: what a person wrote, and the layers behind it. */
export function withLayers(config: { overrides: { includes: readonly string[] }[] }): unknown {
  const written = config.overrides.filter(
    ({ includes }) => !includes.some((glob) => glob.startsWith('src/')),
  );
  return { ...config, overrides: [...written, ...layerOverrides()] };
}

if (import.meta.main) {
  const config = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync('biome.json', `${JSON.stringify(withLayers(config), null, 2)}\n`);
}
