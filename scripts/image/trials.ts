// What is tried in an image: `trials.ts ROOT [NAME=VALUE...]`, in namespaces of its own.
import { ok } from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mountContainer, placeFor } from './container.ts';
import { makeLockRepository } from './inside/lock-repository.ts';
import { tryPrograms } from './inside/try-programs.ts';
import { run } from './run-tool.ts';
import { startSshServer } from './ssh-server.ts';
import { compareStartTimes } from './start-time.ts';

/** Concourse runs resources as root; an image made from ours may say otherwise. */
const USERS = { root: 0, nobody: 65534 };

const [root = '', ...environment] = process.argv.slice(2);
run('ip', ['link', 'set', 'lo', 'up']);
mountContainer(root);
// On the server's side, which the container does not see.
run('mount', ['-t', 'tmpfs', '-o', 'mode=700', 'server', '/mnt']);
const server = await startSshServer('/mnt');

for (const [name, user] of Object.entries(USERS)) {
  const repository = `/mnt/${name}.git`;
  makeLockRepository(repository);
  tryPrograms(placeFor(root, environment, user), {
    uri: server.uri(repository),
    private_key: server.privateKey,
    known_hosts: server.knownHosts,
  });
  ok(cacheIsUsed(user), `the compiled code is not used when ${name} runs the programs`);
  console.log(`The programs do their work over SSH as ${name}.`);
}

mkdirSync(join(root, 'tmp/local'));
makeLockRepository(join(root, 'tmp/local/locks.git'));
chmodSync(join(root, 'tmp/local'), 0o755);
compareStartTimes(placeFor(root, environment, 0), { uri: 'file:///tmp/local/locks.git', pools: 'aws:60' });
server.process.kill();

/** Node tells what it does with the code that it kept, when it is asked. */
function cacheIsUsed(user: number): boolean {
  const asked = [...environment, 'NODE_DEBUG_NATIVE=COMPILE_CACHE'];
  const { stderr } = placeFor(root, asked, user).run(['/opt/resource/check'], { source: {} });
  return / was accepted/.test(stderr) && !/rejected|not found|cache miss/i.test(stderr);
}
