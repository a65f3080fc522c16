// `make bench`: what Pool Boy costs on lock repositories of several sizes, beside a full clone and `git ls-remote`.
// Timeouts alone decide here, so that git is measured and not somebody's Concourse.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitDaemon } from './git-daemon.ts';
import { makeLockRepository, type Shape } from './lock-repository.ts';
import { type Measured, measure, measureMemory, type Place, resourceAt } from './measure.ts';
import { type Relay, startRelay } from './relay.ts';
import { forget, median, run, runStep } from './run.ts';
import { compareWithTargets, manyLocksTable, sizeTable } from './tables.ts';

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
  const emptyNode = await median(9, async () => (await run([process.execPath, '-e', ''])).milliseconds);
  console.log(
    `An empty Node program takes ${emptyNode.toFixed(0)} ms. Each time is the middle one of several.`,
  );

  const daemon = await startGitDaemon(folder);
  ends.push(() => daemon.stop());
  const near = await relayTo(daemon.port, 0);
  const far = await relayTo(daemon.port, ONE_WAY);
  let largest: { file: Measured; link: Measured; memory: number } | null = null;
  for (const commits of all) {
    const recent = await repository(`recent-${commits}`, { commits, claimed: 5, within: 100 });
    const old = await repository(`old-${commits}`, { commits, claimed: 5, within: 100, hasOldClaim: true });
    const file = await measure({ ...recent, uri: `file://${recent.directory}`, takeBytes: null, runs: 5 });
    const link = await measure(through(far, recent, 3));
    const memory = await measureMemory(through(near, recent, 1));
    const oldCold = await coldCheck({ ...old, uri: `file://${old.directory}`, takeBytes: null, runs: 3 });
    const oldLink = await coldCheck(through(far, old, 1));
    const oldMemory = await measureMemory(through(near, old, 1));
    console.log(
      sizeTable(commits, file, link, memory, { file: oldCold, link: oldLink, memory: oldMemory.cold }),
    );
    largest = { file, link, memory: Math.max(...Object.values(memory), oldMemory.cold) };
  }
  const many = { few: await lockCost(5), many: await lockCost(500) };
  console.log(manyLocksTable(many.few, many.many));
  if (largest !== null) console.log(compareWithTargets({ ...largest, emptyNode, ...many }));
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

async function coldCheck(place: Place): Promise<{ milliseconds: number; bytes: number | null }> {
  const resource = resourceAt(place);
  let bytes: number | null = null;
  const milliseconds = await median(place.runs, async () => {
    forget(resource);
    place.takeBytes?.();
    const ran = await runStep('check', resource);
    bytes = place.takeBytes?.() ?? null;
    return ran.milliseconds;
  });
  return { milliseconds, bytes };
}

/** Both repositories have the same claims' age, so that only the number of locks differs. */
async function lockCost(claimed: number): Promise<{ cold: number; warm: number }> {
  const made = await repository(`locks-${claimed}`, { commits: 20_000, claimed, within: 1_000 });
  const place: Place = { ...made, uri: `file://${made.directory}`, takeBytes: null, runs: 5 };
  const cold = (await coldCheck(place)).milliseconds;
  const warm = await median(place.runs, async () => (await runStep('check', resourceAt(place))).milliseconds);
  return { cold, warm };
}
