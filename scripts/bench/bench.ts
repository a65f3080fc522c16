// `make bench`: what Pool Boy costs on lock repositories of several sizes, beside a full clone and `git ls-remote`.
// Timeouts alone decide here, so that git is measured and not somebody's Concourse.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitDaemon } from './git-daemon.ts';
import { makeLockRepository, type Shape } from './lock-repository.ts';
import { measure, measureCold, measureMemory, type Place, resourceAt } from './measure.ts';
import { type Relay, startRelay } from './relay.ts';
import { least, run, runStep } from './run.ts';
import { compareWithTargets, manyLocksTable, sizeTable, type Targets, warmTable } from './tables.ts';
import { measureWarm } from './warm.ts';

const ONE_WAY = 25;
const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'pool-boy-bench-'));
const ends: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })];
const cleanUp = () => {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) end();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    cleanUp();
    process.exit(1);
  });
}

try {
  await bench(sizes.length === 0 ? [2_000, 20_000, 200_000] : sizes);
} finally {
  cleanUp();
}

async function bench(all: readonly number[]): Promise<void> {
  const load = loadavg().map((value) => value.toFixed(1));
  const git = (await run(['git', '--version'])).stdout.trim();
  console.log(`Node ${process.version}, ${git}, ${cpus().length} processors, load ${load.join(' ')}`);
  const emptyNode = await least(15, async () => (await run([process.execPath, '-e', ''])).milliseconds);
  console.log(
    `An empty Node program takes ${emptyNode.toFixed(0)} ms. Each time is the least of several, both sides measured in turn.`,
  );

  const daemon = await startGitDaemon(folder);
  ends.push(() => daemon.stop());
  const near = await relayTo(daemon.port, 0);
  const far = await relayTo(daemon.port, ONE_WAY);
  let largest: Pick<Targets, 'file' | 'link' | 'oldClaim' | 'warm' | 'memory'> | null = null;
  for (const commits of all) {
    const recent = await repository(`recent-${commits}`, { commits, claimed: 5, within: 100 });
    const old = await repository(`old-${commits}`, { commits, claimed: 5, within: 100, hasOldClaim: true });
    const file = await measure({ ...recent, uri: `file://${recent.directory}`, takeBytes: null, runs: 5 });
    const link = await measure(through(far, recent, 3));
    const memory = await measureMemory(through(near, recent, 1));
    const oldFile = await measureCold({ ...old, uri: `file://${old.directory}`, takeBytes: null, runs: 3 });
    const oldLink = await measureCold(through(far, old, 2));
    const oldMemory = await measureMemory(through(near, old, 1));
    const oldClaim = { file: oldFile, link: oldLink, memory: oldMemory.cold };
    console.log(sizeTable(commits, file, link, memory, oldClaim));
    const warm = await measureWarm(recent.directory, join(folder, `warm-${commits}`), 15, (end) =>
      ends.push(end),
    );
    console.log(warmTable(warm));
    const most = await manyPools(near, commits);
    largest = {
      file,
      link,
      oldClaim,
      warm,
      memory: Math.max(...Object.values(memory), oldMemory.cold, most),
    };
  }
  const many = { few: await lockCost(5), many: await lockCost(500) };
  console.log(manyLocksTable(many.few, many.many));
  if (largest !== null) console.log(compareWithTargets({ ...largest, ...many }));
}

async function relayTo(port: number, delay: number): Promise<Relay> {
  const relay = await startRelay(port, delay);
  ends.push(() => relay.close());
  return relay;
}

async function repository(
  name: string,
  { hasOldClaim = false, ...shape }: Omit<Shape, 'hasOldClaim'> & { hasOldClaim?: boolean },
): Promise<{ name: string; directory: string; folder: string }> {
  const directory = join(folder, `${name}.git`);
  await makeLockRepository(directory, { ...shape, hasOldClaim });
  const own = join(folder, name);
  mkdirSync(own);
  return { name, directory, folder: own };
}

/** The same repository by git's own server, over a link. */
function through(relay: Relay, place: Awaited<ReturnType<typeof repository>>, runs: number): Place {
  const uri = `git://127.0.0.1:${relay.port}/${place.name}.git`;
  return { ...place, uri, takeBytes: () => relay.takeBytes().received, runs };
}

/** The memory of Node, in MB, with locks claimed all over the history, 5,000 in 200 pools on the largest. */
async function manyPools(relay: Relay, commits: number): Promise<number> {
  const claimed = Math.min(5_000, Math.floor(commits / 40));
  const shape = { commits, claimed, pools: Math.ceil(claimed / 25), within: Math.floor(commits / 2) };
  const made = await repository(`pools-${commits}`, shape);
  return (await measureMemory({ ...through(relay, made, 1), pools: ['**'] })).cold;
}

/** Both repositories have the same claims' age, so that only the number of locks differs. */
async function lockCost(claimed: number): Promise<{ cold: number; warm: number }> {
  const made = await repository(`locks-${claimed}`, { commits: 20_000, claimed, within: 1_000 });
  const place: Place = { ...made, uri: `file://${made.directory}`, takeBytes: null, runs: 5 };
  const cold = (await measureCold(place)).cold.milliseconds;
  const warm = await least(place.runs, async () => (await runStep('check', resourceAt(place))).milliseconds);
  return { cold, warm };
}
