// What is to happen in a world, written from a seed: a site, and a list of events. The rest follows from these.
import { createRandom, type Random } from '../storm/random.ts';
import { EVENTS, THEMES } from './events/events.ts';
import { PLOTS } from './events/plots.ts';
import { UP_TO_A_LIMIT } from './events/time.ts';
import { chance, type PipelinePlan, planPipeline } from './site/pipelines.ts';
import type { Settings } from './types.ts';

export type PlannedPipeline = {
  team: string;
  name: string;
  plan: PipelinePlan;
  public: boolean;
  instanceVars: Readonly<Record<string, unknown>> | null;
};

export type Script = {
  seed: number;
  settings: Settings;
  pipelines: readonly PlannedPipeline[];
  events: readonly ScriptedEvent[];
};

/** An event has random numbers of its own, so that it does the same when others are left out. */
export type ScriptedEvent = { name: string; seed: number };

/** Besides the events of the world. */
export const POOL_BOY_RUNS = 'Pool Boy runs';

const LENGTH = 70;

export function writeScript(seed: number): Script {
  const random = createRandom(seed + 1);
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 8; skipped += 1) random.below(2);
  const settings = chooseSettings(random);
  const pipelines = choosePipelines(random, settings);
  return { seed, settings, pipelines, events: chooseEvents(random) };
}

function chooseSettings(random: Random): Settings {
  const messages = random.pick([
    'url',
    'url',
    'url',
    'empty-url',
    'team',
    'team',
    'no-team',
    'instances',
  ] as const);
  const rule = () => (chance(random, 5) ? random.pick(['timeout', 'keep'] as const) : 'release');
  const policy = {
    stale_after: random.pick([30, 60, 300]),
    on_failure: rule(),
    on_error: rule(),
    on_abort: rule(),
    on_success: chance(random, 8) ? random.pick(['timeout', 'release', 'keep'] as const) : 'handover',
    by_hand: chance(random, 4) ? 'keep' : 'timeout',
    ...(chance(random, 4) && { handover_timeout: random.pick([20, 120]) }),
  };
  const many = chance(random, 2);
  return {
    messages,
    policy,
    pools: { aws: many ? ['a', 'b', 'c'] : ['a'], ...(chance(random, 3) && { gcp: ['g'] }) },
    roles: chance(random, 4) ? ['main'] : ['main', 'other'],
  };
}

function choosePipelines(random: Random, { messages, pools }: Settings): PlannedPipeline[] {
  const names = ['deploy', 'test', 'watch'].slice(0, 1 + random.below(3));
  return names.map((name, at) => ({
    // Where messages name no team, claims are those of the default team.
    team: at > 0 && messages !== 'no-team' && chance(random, 3) ? 'other' : 'main',
    name,
    plan: planPipeline(random, random.pick(Object.keys(pools))),
    public: chance(random, 4),
    instanceVars: messages !== 'no-team' && chance(random, 5) ? { branch: 'a b&c' } : null,
  }));
}

/** Thousands of builds take their time. */
const SLOW = 'busy jobs';

function chooseEvents(random: Random): ScriptedEvent[] {
  // A few themes a world: with all of them at once nothing comes to anything.
  const themes = THEMES.filter((theme) => chance(random, theme === SLOW ? 12 : 4));
  const kinds = EVENTS.filter(({ theme }) => theme === undefined || themes.includes(theme));
  const names = kinds.flatMap(({ name, weight }) => Array<string>(weight).fill(name));
  const drawn = [...names, ...Array<string>(8).fill(POOL_BOY_RUNS)];
  const plots = new Set(PLOTS.map(({ name }) => name));
  const chosen = Array.from({ length: LENGTH }, () => random.pick(drawn));
  // What was arranged is looked at before it comes apart.
  const all = chosen.flatMap((name) =>
    plots.has(name) && !chance(random, 3) ? [name, UP_TO_A_LIMIT, POOL_BOY_RUNS] : [name],
  );
  return all.slice(0, LENGTH).map((name) => ({ name, seed: random.below(1_000_000) }));
}
