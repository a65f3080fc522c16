import { Failure } from '../../core/failure.ts';
import { matchesGlob } from '../../core/glob.ts';
import type { PolicyKeys } from '../../core/policy.ts';
import type { PoolEntry } from '../../core/pool-selection.ts';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import type { Source } from '../../core/source/source.ts';
import { poolsSchema } from '../../request/pools-schema.ts';
import { sentencesOf } from '../../request/problem-sentences.ts';
import { secretsIn } from '../../request/secrets-in.ts';
import { sourceSchema } from '../../request/source-schema.ts';
import { UsageError } from '../../runtime/exit-status.ts';
import type { Mask } from '../../runtime/secret-mask.ts';
import { concourseSettings } from './concourse-settings.ts';
import { type FlyTarget, readFlyTarget } from './fly-target.ts';
import { environmentLayer, fileLayer, type Layer, optionLayer, type Setting } from './setting-layers.ts';
import { type KeyValues, readSourceFile } from './source-file.ts';

export interface SettingsInput {
  /** As commander parsed them. */
  readonly options: KeyValues;
  readonly environment: NodeJS.ProcessEnv;
  readonly mask: Mask;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * The source of one run: options go before environment variables, and these before the file. All of it is read by
 * the resource's own schema, and a problem names the option or variable that it comes from.
 */
export function readSettings(input: SettingsInput): Source {
  const source = readOptionalSettings(input);
  if (source !== null) return source;
  throw new UsageError(
    'No lock repository was named: say --repo URL, set POOL_REPO, or give a --source FILE that has a uri.',
  );
}

/** The same; null where no lock repository is named, whatever else is. */
export function readOptionalSettings({ options, environment, mask, now }: SettingsInput): Source | null {
  const fromOptions = optionLayer(options);
  const fromEnvironment = environmentLayer(environment);
  const path = options.source;
  const fromFile =
    typeof path === 'string' ? fileLayer(readSourceFile(path, environment)) : new Map<string, Setting>();
  const target = typeof options.target === 'string' ? readFlyTarget(options.target, environment, now) : null;
  const { concourse, labels, problems } = concourseSettings({
    options: fromOptions,
    environment: fromEnvironment,
    target,
    file: fromFile.get('concourse') ?? null,
  });
  const merged = merge(fromFile, fromEnvironment, fromOptions, concourse);
  const raw = Object.fromEntries([...merged].map(([key, { value }]) => [key, value]));
  mask.add(...secretsIn(raw), ...secretsIn(Object.fromEntries(fromFile)), target?.token);
  if (problems.length > 0) throw new Failure(problems);
  if (raw.uri === undefined) return null;
  const labelOf = (key: string) => labels.get(key) ?? merged.get(key)?.label ?? null;
  const parsed = sourceSchema.safeParse(raw);
  if (!parsed.success) {
    const sentences = sentencesOf(parsed.error, 'source', labelOf);
    throw sentences.every((sentence) => sentence.startsWith('--'))
      ? new UsageError(sentences)
      : new Failure(sentences);
  }
  const pools = poolsFrom({ fromFile, fromEnvironment, fromOptions, keys: parsed.data.policy });
  const concourses =
    target === null ? parsed.data.concourses : parsed.data.concourses.map(fromTarget(target));
  return { ...parsed.data, concourses, pools: pools ?? parsed.data.pools };
}

/** The schema knows nothing of fly; whoever logged in with it does so again with it. */
function fromTarget({ token, renewWith }: FlyTarget): (one: ConcourseSource) => ConcourseSource {
  return (one) =>
    one.login.kind === 'token' && one.login.token === token.trim()
      ? { ...one, login: { ...one.login, renewWith } }
      : one;
}

function merge(
  file: Layer,
  environment: Layer,
  options: Layer,
  concourse: Setting | null,
): Map<string, Setting> {
  const plain = (layer: Layer) => [...layer].filter(([key]) => !key.startsWith('concourse'));
  const merged = new Map([...plain(file), ...plain(environment), ...plain(options)]);
  if (concourse !== null) merged.set('concourse', concourse);
  // Lists add up: what the file keeps safe stays safe.
  for (const key of ['exclude', 'git_config', 'known_hosts']) {
    const [below, above] = [file.get(key), options.get(key)];
    if (below !== undefined && above !== undefined)
      merged.set(key, { value: [...listOf(below.value), ...listOf(above.value)], label: above.label });
  }
  return merged;
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? value.split('\n') : [value];
}

interface PoolLayers {
  readonly fromFile: Layer;
  readonly fromEnvironment: Layer;
  readonly fromOptions: Layer;
  readonly keys: PolicyKeys;
}

/**
 * Pools named by an option or variable narrow those of the file, which keep their own keys: an `exclude` must not get
 * lost because somebody asks for one pool only. A policy option replaces what a lower place says for single pools.
 */
function poolsFrom({
  fromFile,
  fromEnvironment,
  fromOptions,
  keys,
}: PoolLayers): readonly PoolEntry[] | null {
  const file = entriesOf(fromFile) ?? [];
  const environment = entriesOf(fromEnvironment);
  const options = entriesOf(fromOptions);
  const below = environment === null ? file : narrow(environment, file);
  const set = policyOptions(fromOptions, keys);
  const lower = below.map(({ name, policy }) => ({ name, policy: { ...policy, ...set } }));
  const pools = options === null ? lower : narrow(options, lower);
  return pools.length === 0 ? null : pools;
}

/** The schema has passed already, so what does not parse here is not there. */
function entriesOf(layer: Layer): readonly PoolEntry[] | null {
  const pools = layer.get('pools')?.value;
  if (pools === undefined) return null;
  const parsed = poolsSchema.safeParse(pools);
  if (parsed.success) return parsed.data;
  throw new Failure(sentencesOf(parsed.error, layer.get('pools')?.label ?? 'source.pools'));
}

function narrow(wanted: readonly PoolEntry[], known: readonly PoolEntry[]): PoolEntry[] {
  return wanted.flatMap(({ name, policy }) => {
    const inside = known.filter((one) => one.name !== name && matchesGlob(one.name, name));
    const own = known.find((one) => one.name === name) ?? known.find((one) => matchesGlob(name, one.name));
    return [
      ...inside.map((one) => ({ name: one.name, policy: { ...one.policy, ...policy } })),
      { name, policy: { ...own?.policy, ...policy } },
    ];
  });
}

/** Exclusions only ever add up. */
function policyOptions(options: Layer, keys: PolicyKeys): PolicyKeys {
  const pairs: readonly (readonly [string, keyof PolicyKeys])[] = [
    ['stale_after', 'staleAfter'],
    ['grace', 'grace'],
    ['error_grace', 'errorGrace'],
    ['warn_after', 'warnAfter'],
    ['on_success', 'onSuccess'],
    ['on_failure', 'onFailure'],
    ['on_error', 'onError'],
    ['on_abort', 'onAbort'],
    ['by_hand', 'byHand'],
  ];
  return Object.fromEntries(pairs.flatMap(([key, name]) => (options.has(key) ? [[name, keys[name]]] : [])));
}
