import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'pool-boy-package-'));

// Without a registry: the package brings all that it needs.
const environment = { ...process.env, HOME: folder, npm_config_offline: 'true' };

function npm(args: readonly string[]): void {
  execFileSync('npm', [...args, '--loglevel=error'], { cwd: root, env: environment, stdio: 'pipe' });
}

beforeAll(() => {
  npm(['pack', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  npm(['install', '--global', '--prefix', join(folder, 'installed'), join(folder, archive)]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('installs one package, with no dependency beside it', () => {
  const modules = join(folder, 'installed', 'lib', 'node_modules');
  expect(readdirSync(modules)).toEqual(['pool-boy']);
  expect(readdirSync(join(modules, 'pool-boy'))).not.toContain('node_modules');
});

it('holds no compiled code of this machine', () => {
  expect(readdirSync(join(folder, 'installed', 'lib', 'node_modules', 'pool-boy', 'dist'))).not.toContain(
    'compiled',
  );
});

it('brings a pool-boy that runs', () => {
  const program = join(folder, 'installed', 'bin', 'pool-boy');
  const help = execFileSync(program, ['--help'], { encoding: 'utf8', env: environment });
  expect(help).toContain('Usage: pool-boy');
});
