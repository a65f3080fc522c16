// Runs while the image is built: the programs do their main job in it, and fill the cache of compiled code.
import { match, ok, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeLockRepository } from './lock-repository.ts';
import { type Outcome, type Place, tryPrograms } from './try-programs.ts';

const NOT_IN_THE_IMAGE = ['npm', 'npx', 'corepack', 'yarn', 'cc', 'gcc', 'make', 'python3'];
/** Node names the folder of its cache after the user, too. These are the ones that containers run as. */
const OTHER_USERS = [1000, 65534];

const cache = process.env.NODE_COMPILE_CACHE;
ok(cache, 'NODE_COMPILE_CACHE is set');

function run([program = '', ...args]: readonly string[], request?: unknown): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: '/',
    encoding: 'utf8',
    input: request === undefined ? '' : JSON.stringify(request),
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache },
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

const temporary = () => mkdtempSync('/tmp/smoke-');
const here: Place = { run, makeFolder: temporary, read: (path) => readFileSync(path, 'utf8') };

for (const tool of NOT_IN_THE_IMAGE)
  strictEqual(run(['sh', '-c', `command -v ${tool}`]).stdout, '', `${tool} is in the image`);
for (const tool of ['git', 'ssh', 'ssh-add', 'ssh-agent'])
  ok(run(['sh', '-c', `command -v ${tool}`]).stdout, `${tool} is missing`);

const repository = join(temporary(), 'locks.git');
makeLockRepository(repository);
tryPrograms(here, { uri: `file://${repository}` });

// What is loaded only when needed is compiled now, so that it is in the cache as well.
const lib = '/opt/resource/lib';
const loading = readdirSync(lib).map((name) => `require('${lib}/${name}');`);
strictEqual(run(['node', '--eval', loading.join('')]).stderr, '');

const [folder, ...others] = readdirSync(cache);
strictEqual(others.length, 0, 'one user ran the programs');
match(folder ?? '', /-0$/);
for (const user of OTHER_USERS)
  symlinkSync(folder ?? '', join(cache, (folder ?? '').replace(/0$/, String(user))));
for (const file of readdirSync(join(cache, folder ?? ''))) chmodSync(join(cache, folder ?? '', file), 0o444);
ok(existsSync('/opt/resource/LICENCES.txt'), 'LICENCES.txt is missing');
