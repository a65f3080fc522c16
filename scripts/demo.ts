// Shows the main job in one screen: a small lock repository, a stand-in for Concourse, and the three programs of the
// resource type, run as Concourse runs them (JSON on stdin, a folder as argument).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { ciModel, PASSWORD } from '../test/fake-atc/model.ts';
import { startAtc } from '../test/fake-atc/start-atc.ts';

const folder = mkdtempSync(join(tmpdir(), 'pool-boy-demo-'));
const repository = join(folder, 'locks.git');
const now = Math.floor(Date.now() / 1000);
const minutesAgo = (minutes: number) => now - minutes * 60;

/** Five locks in the pool `aws`, four of them claimed, as the pool resource and a person would have done it. */
function makeLockRepository(): { claimOf: (lock: string) => string } {
  const commits: string[] = [];
  const commit = (author: string, at: number, message: string, changes: readonly string[]) => {
    const data = `data ${Buffer.byteLength(message)}\n${message}`;
    const who = `${author} <${author.toLowerCase().replace(/\W+/g, '.')}@example.com> ${at} +0000`;
    commits.push(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data}\n${changes.join('\n')}\n`);
  };
  const claim = (lock: string) => [`R aws/unclaimed/${lock} aws/claimed/${lock}`];
  const locks = ['env-1', 'env-2', 'env-3', 'env-4', 'env-5'].map((lock) => `aws/unclaimed/${lock}`);
  const files = [...locks, 'aws/claimed/.gitkeep', 'aws/unclaimed/.gitkeep'];
  commit(
    'Ada Lovelace',
    minutesAgo(3000),
    'Set up the pool',
    files.map((file) => `M 644 inline ${file}\ndata 0\n`),
  );
  commit('Ada Lovelace', minutesAgo(125), 'I need env-3 to look at a bug', claim('env-3'));
  commit('CI Pool Resource', minutesAgo(50), 'main/deploy/test-aws build 2 claiming: env-1', claim('env-1'));
  commit('CI Pool Resource', minutesAgo(40), 'main/deploy/test-aws build 3 claiming: env-2', claim('env-2'));
  commit('CI Pool Resource', now - 20, 'main/deploy/test-aws build 4 claiming: env-4', claim('env-4'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
  execFileSync('git', ['-C', repository, 'fast-import', '--quiet'], { input: commits.join('\n') });
  const log = execFileSync('git', ['-C', repository, 'log', '--format=%H %s', 'main'], { encoding: 'utf8' });
  return {
    claimOf: (lock) =>
      log
        .split('\n')
        .find((line) => line.includes(lock))
        ?.slice(0, 40) ?? '',
  };
}

/** The Concourse whose builds hold the locks: one has failed, one is running, one has only just begun. */
function modelConcourse(claimOf: (lock: string) => string) {
  const ci = ciModel();
  const pipeline = ci.pipeline('main', 'deploy', {
    resources: [{ name: 'aws-locks', type: 'pool' }],
    jobs: [{ name: 'test-aws', outputs: ['aws-locks'] }],
  });
  const claimed = (lock: string) => [{ resource: 'aws-locks', version: { ref: claimOf(lock) } }];
  pipeline.build('test-aws', {
    name: '2',
    status: 'failed',
    start: minutesAgo(51),
    end: minutesAgo(30),
    outputs: claimed('env-1'),
  });
  pipeline.build('test-aws', {
    name: '3',
    status: 'started',
    start: minutesAgo(41),
    outputs: claimed('env-2'),
  });
  pipeline.build('test-aws', { name: '4', status: 'started', start: now - 40, outputs: claimed('env-4') });
  return ci;
}

async function run(program: string, request: unknown, ...args: string[]): Promise<unknown> {
  console.log(
    styleText(
      'bold',
      `\n$ /opt/resource/${[program, ...args.map(() => '/tmp/build/get')].join(' ')} < request.json`,
    ),
  );
  const child = spawn(join(import.meta.dirname, '..', 'dist', program), args, {
    // The copy that `check` keeps for its next run goes with the rest of the demo.
    env: { ...process.env, TMPDIR: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(request));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  process.stdout.write(styleText('dim', stderr.replaceAll(folder, '')));
  if (child.exitCode !== 0 && stdout === '') throw new Error(`${program} failed`);
  const answer: unknown = JSON.parse(stdout);
  show(answer);
  return answer;
}

/** As the web page of the resource shows an answer: the version, and a line for each metadatum. */
function show(answer: unknown): void {
  if (!(answer instanceof Object && 'version' in answer && 'metadata' in answer)) {
    console.log(JSON.stringify(answer));
    return;
  }
  console.log(JSON.stringify(answer.version));
  const rows: { name: string; value: string }[] = Array.isArray(answer.metadata) ? answer.metadata : [];
  for (const { name, value } of rows) console.log(`  ${name.padEnd(18)} ${value}`);
}

const { claimOf } = makeLockRepository();
const atc = await startAtc(modelConcourse(claimOf));
try {
  const source = {
    uri: repository,
    pools: [{ name: 'aws', stale_after: '8h' }],
    concourse: { url: atc.url, username: 'pool-boy', password: PASSWORD },
  };
  console.log(`A pool of five locks: env-1 was claimed by a build that has failed since, env-2 by one that is running,
env-3 by a person, env-4 by a build just now, and env-5 is free.`);
  await run('check', { source, version: null });
  const put = await run('out', { source, params: { limit: 3 } }, folder);
  console.log(styleText('bold', '\n$ git log -1 main   # why env-1 is free again'));
  console.log(
    execFileSync('git', ['-C', repository, 'log', '-1', '--format=%B', 'main'], { encoding: 'utf8' }).trim(),
  );
  const version = put instanceof Object && 'version' in put ? put.version : null;
  await run('in', { source, version }, folder);
  console.log(styleText('bold', '\n$ cat /tmp/build/get/summary'));
  console.log(readFileSync(join(folder, 'summary'), 'utf8').trim());
} finally {
  await atc.close();
  rmSync(folder, { recursive: true, force: true });
}
