import { type KeyProblem, problemSentence } from '../../request/problem-sentences.ts';
import type { Layer, Origin } from './setting-layers.ts';

/** A `source` put together from several places, and where each part of it comes from. */
export interface MergedSource {
  readonly values: Readonly<Record<string, unknown>>;
  /** By the path of a key: `branch`, `concourse.0.url`, `exclude.2`. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** These lists add up: what one place protects or trusts must not get lost because another names more. */
const LISTS = ['exclude', 'git_config', 'known_hosts'];
/** Read layer by layer, see pool-layers.ts. */
const POOLS = ['pools', 'pool'];

/** Of several places that set a key the last one counts. Keys of the Concourse and of pools are left out. */
export function mergeLayers(layers: readonly Layer[]): MergedSource {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  for (const layer of layers) {
    for (const [key, { value, origin }] of layer) {
      if (key.startsWith('concourse') || POOLS.includes(key)) continue;
      const isAdded = LISTS.includes(key) && key in values;
      const before = isAdded ? listOf(values[key]) : [];
      if (isAdded && before.length > 0 && !origins.has(`${key}.0`)) markElements(key, before, 0, origins);
      values[key] = isAdded ? [...before, ...listOf(value)] : value;
      if (isAdded) markElements(key, listOf(value), before.length, origins, origin);
      else origins.set(key, origin);
    }
  }
  return { values, origins };
}

/** Where each element of a list comes from; without `origin`, from where the list itself does. */
function markElements(
  key: string,
  elements: readonly unknown[],
  from: number,
  origins: Map<string, Origin>,
  origin = origins.get(key),
): void {
  if (origin === undefined) return;
  for (const i of elements.keys()) {
    const label = origin.kind === 'file' ? `${origin.label}[${i}]` : origin.label;
    origins.set(`${key}.${from + i}`, { ...origin, label });
  }
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  // Lines of known_hosts.
  if (typeof value === 'string' && value.includes('\n'))
    return value.split('\n').filter((line) => line.trim() !== '');
  return [value];
}

export interface LocatedProblem {
  readonly origin: Origin['kind'];
  readonly sentence: string;
}

/** Names the place that a problem comes from, and not the key of `source` that it became. */
export function locate(problem: KeyProblem, origins: ReadonlyMap<string, Origin>): LocatedProblem {
  const { path, message } = problem;
  for (let length = path.length; length > 0; length -= 1) {
    const origin = origins.get(path.slice(0, length).map(String).join('.'));
    if (origin === undefined) continue;
    const sentence = problemSentence(origin.label, { path: path.slice(length), message });
    return { origin: origin.kind, sentence };
  }
  return { origin: 'file', sentence: problemSentence('source', problem) };
}
