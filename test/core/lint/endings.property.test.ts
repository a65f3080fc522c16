// The walk of a plan against builds that are run: a small plan's every build is played, by the rules of Concourse's
// steps, on the configuration itself.
import { fc, test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { endingsOf } from '../../../src/core/lint/endings.ts';
import { lint } from '../../../src/core/lint/lint.ts';
import { claimsIn, returnsOf } from '../../../src/core/lint/taking.ts';
import { readPipelineConfig } from '../../../src/pipeline/read-pipeline.ts';
import { withFix } from './lint-yaml.ts';

type Config = { readonly [key: string]: unknown };
type Outcome = 'success' | 'failure' | 'error' | 'abort';
const OUTCOMES: readonly Outcome[] = ['success', 'failure', 'error', 'abort'];

const TAKE = { put: 'aws', params: { acquire: true }, timeout: '1h' };
const GIVE = { put: 'aws', params: { release: 'aws' } };

/** A build that is played: what each step comes to is chosen from outside. */
interface Build {
  readonly choose: () => Outcome;
  isHeld: boolean;
}

function play(step: Config, build: Build): Outcome {
  const { ensure, on_error, on_abort, on_failure, on_success, ...core } = step;
  let outcome = playCore(core, build);
  const after = (hook: unknown, when: boolean) => {
    if (hook === undefined || !when) return;
    const came = play(hook as Config, build);
    if (OUTCOMES.indexOf(came) > OUTCOMES.indexOf(outcome)) outcome = came;
  };
  after(on_success, outcome === 'success');
  after(on_failure, outcome === 'failure');
  after(on_abort, outcome === 'abort');
  after(on_error, outcome === 'error');
  after(ensure, true);
  return outcome;
}

function playCore(step: Config, build: Build): Outcome {
  if (step.try !== undefined) {
    const came = play(step.try as Config, build);
    return came === 'abort' ? 'abort' : 'success';
  }
  if (step.do !== undefined) {
    for (const one of step.do as Config[]) {
      const came = play(one, build);
      if (came !== 'success') return came;
    }
    return 'success';
  }
  if (step.in_parallel !== undefined) {
    const came = (step.in_parallel as Config[]).map((one) => play(one, build));
    return came.toSorted((a, b) => OUTCOMES.indexOf(b) - OUTCOMES.indexOf(a))[0] ?? 'success';
  }
  if (step.put === undefined) return build.choose();
  if ((step.params as Config).release !== undefined) {
    build.isHeld = false;
    return 'success';
  }
  const came = build.choose();
  if (came === 'success') build.isHeld = true;
  return came;
}

/** Every build of a plan, as `OUTCOME claimed` or `OUTCOME free`. */
function everyBuild(job: Config): Set<string> {
  const found = new Set<string>();
  const { name: _, plan, ...hooks } = job;
  const prefixes: Outcome[][] = [[]];
  for (let prefix = prefixes.pop(); prefix !== undefined; prefix = prefixes.pop()) {
    let at = 0;
    const made: Outcome[] = [];
    const choose = () => {
      const chosen = prefix?.[at] ?? 'success';
      made.push(chosen);
      at += 1;
      return chosen;
    };
    const build: Build = { choose, isHeld: false };
    const outcome = play({ do: plan, ...hooks }, build);
    found.add(`${outcome} ${build.isHeld ? 'claimed' : 'free'}`);
    // Where the prefix ends, success was taken: the other ways are still to go.
    for (let i = prefix.length; i < made.length; i += 1)
      for (const other of OUTCOMES.slice(1)) prefixes.push([...made.slice(0, i), other]);
  }
  return found;
}

const leaf = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Config>({ task: 'work' }) },
  { weight: 2, arbitrary: fc.constant<Config>(GIVE) },
);

const { step } = fc.letrec<{ step: Config; hooked: Config; group: Config }>((tie) => ({
  step: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('hooked'), tie('group')),
  hooked: fc
    .tuple(leaf, fc.constantFrom('ensure', 'on_failure', 'on_error', 'on_abort', 'on_success'), tie('step'))
    .map(([core, hook, inner]): Config => ({ ...core, [hook]: inner })),
  group: fc.oneof(
    fc.array(tie('step'), { minLength: 1, maxLength: 2 }).map((steps): Config => ({ do: steps })),
    fc.array(tie('step'), { minLength: 1, maxLength: 2 }).map((steps): Config => ({ in_parallel: steps })),
    tie('step').map((inner): Config => ({ try: inner })),
  ),
}));

const taking = fc.constantFrom<Config>(
  TAKE,
  { try: TAKE },
  { do: [TAKE, { task: 'begin' }] },
  {
    in_parallel: [TAKE, { task: 'beside' }],
  },
);

const jobConfig = fc
  .record({
    before: fc.array(leaf, { maxLength: 1 }),
    taking,
    after: fc.array(step, { maxLength: 3 }),
    hooks: fc.array(fc.tuple(fc.constantFrom('ensure', 'on_failure', 'on_abort', 'on_error'), step), {
      maxLength: 1,
    }),
  })
  .map(
    ({ before, taking: take, after, hooks }): Config => ({
      name: 'deploy',
      plan: [...before.filter(({ put }) => put === undefined), take, ...after],
      ...Object.fromEntries(hooks),
    }),
  )
  .filter((config) => JSON.stringify(config).split('"task"').length <= 6);

const RESOURCES = [{ name: 'aws', type: 'pool', source: { uri: '/locks.git', branch: 'main', pool: 'aws' } }];

function walked(config: Config): Set<string> {
  const read = readPipelineConfig({ resources: RESOURCES, jobs: [config] });
  const [job] = read?.jobs ?? [];
  if (read === null || job === undefined) throw new Error('no job');
  const pipeline = { team: null, name: 'ci', ...read };
  const [take] = claimsIn(pipeline, job);
  if (take === undefined) throw new Error('no claim');
  const endings = endingsOf(job.body, { taking: take, returns: returnsOf(pipeline, job, take) });
  return new Set(endings.map(({ outcome, lock }) => `${outcome} ${lock === 'free' ? 'free' : 'claimed'}`));
}

describe('the walk of a plan', () => {
  property.prop([jobConfig], { numRuns: 400 })(
    'ends in every way in which a build ends, and in no other',
    (config) => {
      expect([...walked(config)].sort()).toEqual([...everyBuild(config)].sort());
    },
  );

  property.prop([jobConfig], { numRuns: 100 })(
    'finds a leak where a build leaks, and its fix leaves none',
    (config) => {
      const text = JSON.stringify({ resources: RESOURCES, jobs: [config] });
      const findingsOf = (yaml: string) => {
        const read = readPipelineConfig(parse(yaml));
        return read === null ? [] : lint([{ team: null, name: 'ci', ...read }]);
      };
      const [finding, ...others] = findingsOf(text);
      const leaks = [...everyBuild(config)].some((end) => end.endsWith('claimed'));
      expect(finding !== undefined).toBe(leaks);
      expect(others).toEqual([]);
      if (finding === undefined) return;
      const fixed = withFix(text, finding);
      expect(findingsOf(fixed)).toEqual([]);
      expect([...everyBuild(parse(fixed).jobs[0])].filter((end) => end.endsWith('claimed'))).toEqual([]);
    },
  );
});

test('the player knows a leak when it plays one', () => {
  expect(everyBuild({ name: 'x', plan: [TAKE, { task: 'work' }, GIVE] })).toEqual(
    new Set([
      'success free',
      'failure free',
      'error free',
      'abort free',
      'failure claimed',
      'error claimed',
      'abort claimed',
    ]),
  );
});
