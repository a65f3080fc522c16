// Bundles the programs into dist/: executable files that need nothing but Node beside them.
// Each program is one file, in CommonJS: Node starts that in less time than modules, and than several files. What
// `import()` names is in it as well, but does not run before it is needed.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { describeLicences, packageFolders } from './licences.ts';

const PROGRAMS = ['check', 'in', 'out', 'pool-boy'];
/** Large packages that few runs need: in files of their own, so that no other run reads them. */
const LIBRARIES = ['got', 'ssh2'];

/**
 * Stands in for the package `debug`: with DEBUG=* in the environment simple-git and the proxy agent would write their
 * whole environment and URLs to stderr, passwords included, where nothing masks them.
 */
const silentDebug: Plugin = {
  name: 'silent-debug',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silent-debug' }));
    onLoad({ filter: /.*/, namespace: 'silent-debug' }, () => ({
      contents: `const create = () => Object.assign(() => {}, { enabled: false, namespace: '', extend: create, destroy() {} });
module.exports = Object.assign(create, { default: create, formatters: {}, enable() {}, enabled: () => false });\n`,
    }));
  },
};

/**
 * Puts off string-width until a string is measured that is not plain ASCII: its regular expressions for emoji take
 * longer to build than all the rest of a program takes to start.
 */
const lateStringWidth: Plugin = {
  name: 'late-string-width',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'late-string-width' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late-string-width' }, () => ({
      contents: `export default (text) => /^[ -~]*$/.test(text) ? text.length : require('string-width').default(text);\n`,
      resolveDir: '.',
    }));
  },
};

/** Lets the programs find the libraries beside them. */
const separateLibraries: Plugin = {
  name: 'separate-libraries',
  setup({ onResolve }) {
    const filter = new RegExp(`^(?:${LIBRARIES.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path: `../lib/${path}.cjs`, external: true }));
  },
};

const manifest: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  target: 'node20',
  // So that `import()` becomes a `require` that is put off, also of our own files.
  supported: { 'dynamic-import': false },
  // Less to read at each start; names stay, for the stack traces in reports of bugs.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  plugins: [silentDebug],
  logLevel: 'warning',
  // ssh2 does without its native parts, which would be built for another Node than the one that runs.
  external: ['*.node', 'cpu-features'],
} satisfies BuildOptions;

rmSync('dist', { recursive: true, force: true });
const libraries = await build({
  ...common,
  entryPoints: LIBRARIES,
  outdir: 'dist/lib',
  // To an `import`, all that CommonJS exports is the default.
  footer: { js: 'module.exports = module.exports.default ?? module.exports;' },
});
const programs = await build({
  ...common,
  entryPoints: PROGRAMS.map((name) => `src/bin/${name}.ts`),
  outdir: 'dist/programs',
  plugins: [silentDebug, lateStringWidth, separateLibraries],
  define: { POOL_BOY_VERSION: JSON.stringify(manifest.version) },
});
// What Node compiles is kept for the next start, unless NODE_COMPILE_CACHE names a place for it: beside the programs,
// since whoever can write there can change the programs as well. In a folder for all it could be anybody's.
const launcher = (name: string) => `#!/usr/bin/env node
const { enableCompileCache } = require('node:module');
// Node 20 has no such function.
enableCompileCache?.(\`\${__dirname}/compiled\`);
require('./programs/${name}.cjs');
`;
for (const name of PROGRAMS) {
  writeFileSync(`dist/${name}`, launcher(name), { mode: 0o755 });
}
// What a file without an ending is, the nearest package.json says.
writeFileSync('dist/package.json', `${JSON.stringify({ type: 'commonjs', version: manifest.version })}\n`);
const outputs = [libraries, programs].flatMap(({ metafile }) => Object.values(metafile.outputs));
const bundled = outputs.flatMap(({ inputs }) => Object.keys(inputs));
writeFileSync('dist/LICENCES.txt', describeLicences(packageFolders(bundled)));
