// What is measured of one repository by one way to it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { forget, least, peakMemory, type Resource, run, runStep } from './run.ts';

export interface Place {
  readonly uri: string;
  /** The repository itself, to undo what `out` pushed. */
  readonly directory: string;
  /** Ours, for clones and caches. */
  readonly folder: string;
  /** Bytes that came from the server since the last call; null where nobody counts. */
  readonly takeBytes: (() => number) | null;
  readonly runs: number;
  /** Which pools are looked after; left out: `aws`. */
  readonly pools?: readonly string[];
}

export interface Measured {
  /** Milliseconds, and bytes where they were counted. */
  readonly lsRemote: Cost;
  readonly clone: Cost;
  readonly cold: Cost;
  readonly warm: Cost;
  readonly out: Cost;
}

export interface Cost {
  readonly milliseconds: number;
  readonly bytes: number | null;
}

export function resourceAt({ uri, folder, pools = ['aws'] }: Place): Resource {
  // Of five claims that are half an hour apart, the oldest one.
  const source = { uri, branch: 'main', pools, stale_after: '105m' };
  return { source, folder: join(folder, 'resource') };
}

export async function measure(place: Place): Promise<Measured> {
  const { uri, takeBytes, runs } = place;
  const resource = resourceAt(place);
  const cost = async (times: number, task: () => Promise<{ milliseconds: number }>): Promise<Cost> => {
    let bytes: number | null = null;
    const milliseconds = await least(times, async () => {
      takeBytes?.();
      const ran = await task();
      bytes = takeBytes?.() ?? null;
      return ran.milliseconds;
    });
    return { milliseconds, bytes };
  };
  return {
    lsRemote: await cost(runs, () => run(['git', 'ls-remote', uri, 'refs/heads/main'])),
    ...(await measureCold(place)),
    // The last of the cold ones has left its copy.
    warm: await cost(runs, () => runStep('check', resource)),
    out: await cost(runs, () => undone(place, () => runStep('out', resource))),
  };
}

/** A cold check beside a full clone, in turn. */
export async function measureCold(place: Place): Promise<{ readonly clone: Cost; readonly cold: Cost }> {
  const { uri, folder, takeBytes, runs } = place;
  const resource = resourceAt(place);
  const target = join(folder, 'clone');
  let [clone, cold]: Cost[] = [];
  const better = (best: Cost | undefined, { milliseconds }: { readonly milliseconds: number }): Cost => {
    const bytes = takeBytes?.() ?? null;
    return { milliseconds: Math.min(best?.milliseconds ?? milliseconds, milliseconds), bytes };
  };
  for (let turn = 0; turn < runs; turn += 1) {
    takeBytes?.();
    clone = better(clone, await run(['git', 'clone', '--quiet', uri, target]));
    rmSync(target, { recursive: true, force: true });
    forget(resource);
    takeBytes?.();
    cold = better(cold, await runStep('check', resource));
  }
  if (clone === undefined || cold === undefined) throw new Error('nothing was measured');
  return { clone, cold };
}

/** The most memory, in MB, of a cold check and of a release. */
export async function measureMemory(place: Place): Promise<{ cold: number; warm: number; out: number }> {
  const resource = resourceAt(place);
  forget(resource);
  return {
    cold: await peakMemory('check', resource),
    warm: await peakMemory('check', resource),
    out: await undone(place, () => peakMemory('out', resource)),
  };
}

/** Runs a task that moves the branch on, makes sure that it did, and sets the branch back. */
async function undone<T>({ directory }: Place, task: () => Promise<T>): Promise<T> {
  const git = async (...args: string[]) => (await run(['git', '-C', directory, ...args])).stdout.trim();
  const before = await git('rev-parse', 'main');
  const result = await task();
  const pushed = await git('rev-list', '--count', `${before}..main`);
  if (pushed === '0') throw new Error('out released nothing, so there is nothing to measure');
  await git('update-ref', 'refs/heads/main', before);
  return result;
}
