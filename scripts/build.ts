// Bundles the programs into dist/: executable files that need nothing but Node beside them.
// Code that several programs share, and what is loaded only when needed (got, ssh2), goes into files of its own.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { build, type Plugin } from 'esbuild';
import { describeLicences, packageFolders } from './licences.ts';

const PROGRAMS = ['check', 'in', 'out', 'pool-boy'];

/**
 * Takes from the parts of Node only what is used. An `import` reads every export of a part, also those that load more
 * when they are read: importing `node:http` so takes longer than the rest of a program.
 */
const nodeParts: Plugin = {
  name: 'node-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'node-part' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'node-part' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(
        (name) => /^\w+$/.test(name) && name !== 'default',
      );
      const lines = names.map((name) => `const $${name} = /* @__PURE__ */ read('${name}');\n`);
      const exported = names.map((name) => `$${name} as ${name}`).join(', ');
      const head = `const part = require('${path}');\nconst read = (name) => part[name];\n`;
      return { contents: `${head}${lines.join('')}export { part as default, ${exported} };` };
    });
  },
};

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

const manifest: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: PROGRAMS.map((name) => `src/bin/${name}.ts`),
  outdir: 'dist',
  entryNames: 'programs/[name]',
  bundle: true,
  splitting: true,
  chunkNames: 'lib/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  plugins: [nodeParts, silentDebug],
  logLevel: 'warning',
  // ssh2 does without its native parts, which would be built for another Node than the one that runs.
  external: ['*.node', 'cpu-features'],
  define: { POOL_BOY_VERSION: JSON.stringify(manifest.version) },
  // Bundled CommonJS packages use `require` and `__dirname`, which a module does not have.
  banner: {
    js: [
      "import { createRequire } from 'node:module';",
      'const require = createRequire(import.meta.url);',
      'const __dirname = import.meta.dirname;',
    ].join('\n'),
  },
});
// What Node compiles is kept for the next start, unless NODE_COMPILE_CACHE names a place for it: beside the programs,
// since whoever can write there can change the programs as well. In a folder for all it could be anybody's.
const launcher = (name: string) => `#!/usr/bin/env node
import module from 'node:module';
// Node 20 has no such function.
module.enableCompileCache?.(\`\${import.meta.dirname}/compiled\`);
await import('./programs/${name}.js');
`;
for (const name of PROGRAMS) {
  writeFileSync(`dist/${name}`, launcher(name), { mode: 0o755 });
}
// A file without an ending is a module only where the nearest package.json says so.
writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', version: manifest.version })}\n`);
const bundled = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
writeFileSync('dist/LICENCES.txt', describeLicences(packageFolders(bundled)));
