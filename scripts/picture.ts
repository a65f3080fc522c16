// Makes docs/report.png: `node scripts/picture.ts`, after a build, where chromium is installed. The built programs judge
// a lock repository made here, with a stand-in for Concourse; the picture is of the page that they wrote.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { ciModel, PASSWORD } from '../test/fake-atc/model.ts';
import { startAtc } from '../test/fake-atc/start-atc.ts';
import type { BuildStatus, Pipeline } from '../test/fake-atc/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'pool-boy-picture-'));
const repository = join(folder, 'locks.git');
const SHOWN_REPOSITORY = 'https://git.example.com/ci/locks.git';
const SHOWN_CONCOURSE = 'https://ci.example.com';
const now = Math.floor(Date.now() / 1000);
const minutesAgo = (minutes: number) => now - Math.round(minutes * 60);

const POOLS = { aws: ['env-1', 'env-2', 'env-3', 'env-4', 'env-5'], vsphere: ['esx-1', 'esx-2', 'esx-3'] };

interface Operation {
  readonly at: number;
  readonly author: string;
  readonly pool: string;
  readonly lock: string;
  readonly isClaim: boolean;
  readonly message: string;
}

interface Hold {
  readonly pool: string;
  readonly lock: string;
  readonly job: string;
  readonly build: number;
  readonly from: number;
  /** Null: it is still held. */
  readonly until: number | null;
}

/** Days of ordinary use before the present holds, the same in every picture. */
function pastHolds(): Hold[] {
  return Object.entries(POOLS).flatMap(([pool, locks], p) =>
    locks.flatMap((lock, l) => {
      const holds: Hold[] = [];
      let at = 4_300 - 37 * l - 11 * p;
      const end = PRESENT.find((hold) => hold.lock === lock)?.from ?? (lock === 'env-3' ? 125 : 20);
      for (let i = 0; at > end + 230; i += 1) {
        const length = 25 + ((i * 53 + l * 31 + p * 17) % 190);
        const build = 120 + 10 * i + 2 * l + p;
        holds.push({
          pool,
          lock,
          job: i % 3 === 0 ? 'upgrade' : `test-${pool}`,
          build,
          from: at,
          until: at - length,
        });
        at -= length + 20 + ((i * 97 + l * 41) % 160);
      }
      return holds;
    }),
  );
}

const PRESENT: readonly Hold[] = [
  { pool: 'aws', lock: 'env-1', job: 'test-aws', build: 412, from: 95, until: null },
  { pool: 'aws', lock: 'env-2', job: 'test-aws', build: 415, from: 40, until: null },
  { pool: 'aws', lock: 'env-4', job: 'test-aws', build: 409, from: 310, until: null },
  { pool: 'vsphere', lock: 'esx-1', job: 'test-vsphere', build: 398, from: 1_700, until: null },
  { pool: 'vsphere', lock: 'esx-3', job: 'test-vsphere', build: 411, from: 170, until: null },
];

function operationsOf({ pool, lock, job, build, from, until }: Hold): Operation[] {
  const operation = (at: number, isClaim: boolean): Operation => {
    const message = `main/deploy/${job} build ${build} ${isClaim ? 'claiming' : 'unclaiming'}: ${lock}`;
    return { at, author: 'CI Pool Resource', pool, lock, isClaim, message };
  };
  return [
    operation(minutesAgo(from), true),
    ...(until === null ? [] : [operation(minutesAgo(until), false)]),
  ];
}

function makeLockRepository(): (message: string) => string {
  const byHand = { pool: 'aws', lock: 'env-3', isClaim: true, author: 'Ada Lovelace' };
  const operations = [...pastHolds(), ...PRESENT]
    .flatMap(operationsOf)
    .concat({ ...byHand, at: minutesAgo(125), message: 'I need env-3 to look at a bug' })
    .sort((a, b) => a.at - b.at);
  const commit = (author: string, at: number, message: string, changes: readonly string[]) => {
    const who = `${author} <${author.toLowerCase().replace(/\W+/g, '.')}@example.com> ${at} +0000`;
    const data = `data ${Buffer.byteLength(message)}\n${message}`;
    return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data}\n${changes.join('\n')}\n`;
  };
  const files = Object.entries(POOLS).flatMap(([pool, locks]) => [
    ...['claimed', 'unclaimed'].map((name) => `${pool}/${name}/.gitkeep`),
    ...locks.map((lock) => `${pool}/unclaimed/${lock}`),
  ]);
  const setUp = commit(
    'Ada Lovelace',
    minutesAgo(4_400),
    'Set up the pools',
    files.map((file) => `M 644 inline ${file}\ndata 0\n`),
  );
  const moves = operations.map(({ author, at, message, pool, lock, isClaim }) => {
    const [from, to] = isClaim ? ['unclaimed', 'claimed'] : ['claimed', 'unclaimed'];
    return commit(author, at, message, [`R ${pool}/${from}/${lock} ${pool}/${to}/${lock}`]);
  });
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
  execFileSync('git', ['-C', repository, 'fast-import', '--quiet'], { input: [setUp, ...moves].join('\n') });
  const log = execFileSync('git', ['-C', repository, 'log', '--format=%H %s', 'main'], { encoding: 'utf8' });
  return (message) =>
    log
      .split('\n')
      .find((line) => line.endsWith(message))
      ?.slice(0, 40) ?? '';
}

function addBuild(
  pipeline: Pipeline,
  hold: Hold,
  status: BuildStatus,
  ended: number | null,
  claim: string,
): void {
  pipeline.build(hold.job, {
    name: String(hold.build),
    status,
    start: minutesAgo(hold.from + 1),
    end: ended === null ? null : minutesAgo(ended),
    outputs: [{ resource: `${hold.pool}-locks`, version: { ref: claim } }],
  });
}

async function run(program: string, request: unknown, ...args: string[]): Promise<string> {
  const child = spawn(join(import.meta.dirname, '..', 'dist', program), args, {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(request));
  return await text(child.stdout);
}

const claimOf = makeLockRepository();
const ci = ciModel();
const pipeline = ci.pipeline('main', 'deploy', {
  resources: Object.keys(POOLS).map((pool) => ({ name: `${pool}-locks`, type: 'pool' })),
  jobs: [
    { name: 'test-aws', outputs: ['aws-locks'] },
    { name: 'test-vsphere', outputs: ['vsphere-locks'] },
  ],
});
const ends: Record<number, readonly [BuildStatus, number | null]> = {
  412: ['failed', 31],
  415: ['started', null],
  409: ['succeeded', 250],
  398: ['aborted', 1_630],
  411: ['started', null],
};
for (const hold of PRESENT) {
  const [status, ended] = ends[hold.build] ?? ['started', null];
  addBuild(pipeline, hold, status, ended, claimOf(`build ${hold.build} claiming: ${hold.lock}`));
}
const atc = await startAtc(ci);
try {
  const source = {
    uri: SHOWN_REPOSITORY,
    git_config: [{ name: `url.${repository}.insteadOf`, value: SHOWN_REPOSITORY }],
    pools: [{ name: 'aws', stale_after: '8h' }, 'vsphere'],
    concourse: { url: atc.url, username: 'pool-boy', password: PASSWORD },
  };
  const put: { version: unknown } = JSON.parse(
    await run('out', { source, params: { pools: ['vsphere'] } }, folder),
  );
  const got = join(folder, 'got');
  mkdirSync(got);
  await run('in', { source, version: put.version }, got);
  const page = join(folder, 'report.html');
  writeFileSync(page, readFileSync(join(got, 'report.html'), 'utf8').replaceAll(atc.url, SHOWN_CONCOURSE));
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const view = await browser.newPage({
      viewport: { width: 1180, height: 860 },
      colorScheme: 'light',
      timezoneId: 'UTC',
    });
    await view.goto(pathToFileURL(page).href);
    // The first pool is enough: a reader sees the whole at a glance.
    const pool = await view.locator('.pool').first().boundingBox();
    const height = Math.ceil((pool?.y ?? 0) + (pool?.height ?? 860) + 16);
    await view.setViewportSize({ width: 1180, height });
    await view.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'report.png') });
  } finally {
    await browser.close();
  }
} finally {
  await atc.close();
  rmSync(folder, { recursive: true, force: true });
}
