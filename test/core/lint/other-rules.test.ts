// handed-on-untended, lock-order, self-wait and no-timeout.
import { describe, expect, test } from '@jest/globals';
import { lint } from '../../../src/core/lint/lint.ts';
import { jobs, lintFixed, lintYaml, RESOURCES, readYaml } from './lint-yaml.ts';

const TAKE = 'put: aws, params: {acquire: true}, timeout: 1h';
const GIVE = 'put: aws, params: {release: aws}';
const UNLESS_SUCCESS = `on_failure: {${GIVE}}, on_error: {${GIVE}}, on_abort: {${GIVE}}`;
const CLAIM = `- name: claim\n  plan: [{${TAKE}}]\n`;

/** Rule, job, step and sentence of each finding. */
function told(text: string, size: number | null = null): string[] {
  return lintYaml(jobs(text), () => size).map(
    ({ rule, job, step, message }) => `${rule}: ${job} ${step}: ${message}`,
  );
}

function fixesOf(text: string, size: number | null = null): string[] {
  return lintYaml(jobs(text), () => size).map(({ fix }) => fix);
}

describe('handed on', () => {
  test('through three jobs, each released where it stops: clean', () => {
    expect(
      told(`${CLAIM}- name: test
  plan:
  - {get: aws, passed: [claim], trigger: true}
  - {task: test, ${UNLESS_SUCCESS}}
- name: release
  plan: [{get: aws, passed: [test], trigger: true}, {task: clean, ensure: {${GIVE}}}]`),
    ).toEqual([]);
  });

  const THREE = `${CLAIM}- name: test
  plan: [{get: aws, passed: [claim], trigger: true}, {task: test}]
- name: release
  plan: [{get: aws, passed: [test], trigger: true}, {task: clean}, {${GIVE}}]`;

  test('through three jobs, of which two do not release when they fail', () => {
    expect(told(THREE)).toEqual([
      'handed-on-untended: test plan[0]: The lock that job claim hands on to `get: aws` (plan[0]) stays claimed when `task: test` (plan[1]) fails, errors or is aborted.',
      'handed-on-untended: release plan[0]: The lock that job test hands on to `get: aws` (plan[0]) stays claimed when `task: clean` (plan[1]) fails, errors or is aborted.',
    ]);
    expect(fixesOf(THREE)).toEqual([
      `- name: test # keep its other keys
  plan:
  - get: aws
    passed: [claim]
    trigger: true
  - task: test
    on_failure:
      put: aws
      params: {release: aws}
    on_abort:
      put: aws
      params: {release: aws}
    on_error:
      put: aws
      params: {release: aws}`,
      `- name: release # keep its other keys
  plan:
  - get: aws
    passed: [test]
    trigger: true
  - task: clean
    ensure:
      put: aws
      params: {release: aws}`,
    ]);
    expect(lintFixed(jobs(THREE))).toEqual([]);
  });

  test('the job that claims is named for what goes wrong behind it', () => {
    expect(lintYaml(jobs(THREE)).map(({ claimedBy }) => claimedBy)).toEqual([['claim'], ['claim']]);
  });

  test('the release of a lock that was got under another name', () => {
    expect(
      told(`${CLAIM}- name: test
  plan:
  - {get: env, resource: aws, passed: [claim], trigger: true}
  - {task: test}
  ensure: {put: aws, params: {release: env}}`),
    ).toEqual([]);
  });

  test('beside inputs that can fail: such a build has not begun, and can be run again', () => {
    expect(
      told(`${CLAIM}- name: test
  plan:
  - in_parallel: [{get: code, trigger: true}, {get: aws, passed: [claim]}]
  - {task: test, ensure: {${GIVE}}}`),
    ).toEqual([]);
  });

  test('from two jobs to one is told once', () => {
    expect(
      told(`${CLAIM}- name: one
  plan: [{get: aws, passed: [claim], trigger: true}, {task: t, ${UNLESS_SUCCESS}}]
- name: two
  plan: [{get: aws, passed: [claim], trigger: true}, {task: t, ${UNLESS_SUCCESS}}]
- name: release
  plan: [{get: aws, passed: [one, two], trigger: true}, {task: clean}, {${GIVE}}]`),
    ).toEqual([
      'handed-on-untended: release plan[0]: The lock that jobs one and two hand on to `get: aws` (plan[0]) stays claimed when `task: clean` (plan[1]) fails, errors or is aborted.',
    ]);
  });

  test('the release by another resource of the same pool', () => {
    const text = `${RESOURCES}- name: aws-release
  type: pool
  source: {uri: "https://git.example.com/ci/locks", branch: main, pool: aws}
jobs:
${CLAIM}- name: test
  plan: [{get: aws, passed: [claim], trigger: true}, {task: test}]
  ensure: {put: aws-release, params: {release: aws}}`;
    expect(lintYaml(text)).toEqual([]);
  });

  const BY_HAND = `${CLAIM}- name: release
  plan: [{get: aws, passed: [claim]}, {${GIVE}}]`;

  test('to a job that only a person starts', () => {
    expect(told(BY_HAND)).toEqual([
      'handed-on-untended: release plan[0]: The lock that job claim hands on stays claimed until a person starts job release: neither `get: aws` (plan[0]) nor another input of it has `trigger: true`.',
    ]);
    expect(fixesOf(BY_HAND)).toEqual(['- get: aws\n  passed: [claim]\n  trigger: true']);
    expect(lintFixed(jobs(BY_HAND))).toEqual([]);
  });

  test('to a job that another input starts: clean', () => {
    expect(
      told(`${CLAIM}- name: release
  plan: [{get: code, trigger: true}, {get: aws, passed: [claim]}, {${GIVE}}]`),
    ).toEqual([]);
  });

  const NOWHERE = `${CLAIM}- name: test
  plan: [{get: aws, passed: [claim], trigger: true}, {task: test}]`;

  test('to a job that does not release it and hands it on to nobody', () => {
    expect(told(NOWHERE)).toEqual([
      'handed-on-untended: test plan[0]: The lock that job claim hands on to `get: aws` (plan[0]) is never released: job test does not do it, and no job behind takes the lock over.',
    ]);
    expect(lintFixed(jobs(NOWHERE))).toEqual([]);
  });

  test('to two jobs, of which one only reads the lock: clean', () => {
    expect(
      told(`${CLAIM}- name: notify
  plan: [{get: aws, passed: [claim], trigger: true}, {task: notify}]
- name: test
  plan: [{get: aws, passed: [claim], trigger: true}, {task: test, ensure: {${GIVE}}}]`),
    ).toEqual([]);
  });

  test('to two jobs at once, which must not release it under each other', () => {
    expect(
      told(`${CLAIM}- name: one
  plan: [{get: aws, passed: [claim], trigger: true}, {task: test}]
- name: two
  plan: [{get: aws, passed: [claim], trigger: true}, {task: test}]
- name: release
  plan: [{get: aws, passed: [one, two], trigger: true}, {${GIVE}}]`),
    ).toEqual([]);
  });

  test('in a circle', () => {
    expect(
      told(`${CLAIM}- name: one
  plan: [{get: aws, passed: [claim, two], trigger: true}]
- name: two
  plan: [{get: aws, passed: [one], trigger: true}]`),
    ).toEqual([]);
  });
});

describe('lock order', () => {
  const BOTH = 'in_parallel: [{put: aws, params: {release: aws}}, {put: gcp, params: {release: gcp}}]';
  const opposite = (more = '') => `- name: one${more}
  plan: [{put: aws, params: {acquire: true}}, {put: gcp, params: {acquire: true}}]
  ensure: {${BOTH}}
- name: two${more}
  plan: [{put: gcp, params: {acquire: true}}, {put: aws, params: {acquire: true}}]
  ensure: {${BOTH}}`;
  const orderOf = (text: string) => told(text).filter((one) => one.startsWith('lock-order'));

  test('two jobs that claim from two pools in opposite orders', () => {
    expect(orderOf(opposite())).toEqual([
      'lock-order: two plan[1]: Job two claims a lock of pool gcp and then waits for one of pool aws; job one does it the other way round, so the two can deadlock.',
    ]);
    expect(fixesOf(opposite()).at(-1)).toBe(`- name: two # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
  - put: gcp
    params: {acquire: true}
  ensure:
    in_parallel:
    - put: aws
      params: {release: aws}
    - put: gcp
      params: {release: gcp}`);
    expect(lintFixed(jobs(opposite()))).toEqual([]);
  });

  test('in two pipelines', () => {
    const [one = '', two = ''] = opposite().split(/(?=- name: two)/);
    const found = lint([readYaml(jobs(one), 'a'), readYaml(jobs(two), 'b')]);
    expect(found.filter(({ rule }) => rule === 'lock-order').map(({ message }) => message)).toEqual([
      'Job two claims a lock of pool gcp and then waits for one of pool aws; job one of pipeline a does it the other way round, so the two can deadlock.',
    ]);
  });

  test.each<[string, string]>([
    ['jobs that never run at the same time', opposite('\n  serial_groups: [locks]')],
    ['a wait that ends', opposite().replaceAll('{acquire: true}}', '{acquire: true}, timeout: 1h}')],
    [
      'different locks',
      opposite()
        .replaceAll('put: aws, params: {acquire: true}', 'put: aws, params: {claim: a}')
        .replace('{claim: a}', '{claim: b}'),
    ],
    [
      'a lock that was released before the second claim',
      opposite().replace(
        '{put: gcp, params: {acquire: true}}',
        `{${GIVE}}, {put: gcp, params: {acquire: true}}`,
      ),
    ],
  ])('not for %s', (_, text) => {
    expect(orderOf(text)).toEqual([]);
  });
});

describe('self-wait', () => {
  const TWICE = `- name: deploy
  plan:
  - {${TAKE}}
  - {put: second, resource: aws, params: {acquire: true}, timeout: 1h}
  - {task: test}
  ensure: {in_parallel: [{${GIVE}}, {put: aws, params: {release: second}}]}`;

  test('two locks of a pool that has one', () => {
    expect(told(TWICE, 1)).toEqual([
      'self-wait: deploy plan[1]: One build claims 2 locks of pool aws, which has 1: `put: second` (plan[1]) waits for a lock that the build itself holds.',
    ]);
    expect(fixesOf(TWICE, 1)).toEqual([
      `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test
  ensure:
    in_parallel:
    - put: aws
      params: {release: aws}`,
    ]);
    expect(lintFixed(jobs(TWICE), () => 1)).toEqual([]);
  });

  test.each<[string, string, number | null]>([
    ['a pool that has two', TWICE, 2],
    ['a pool whose size is not known', TWICE, null],
    ['one after the other', `- name: deploy\n  plan: [{${TAKE}}, {${GIVE}}, {${TAKE}}, {${GIVE}}]`, 1],
  ])('not for %s', (_, text, size) => {
    expect(told(text, size)).toEqual([]);
  });

  test('side by side', () => {
    const text = `- name: deploy
  plan: [{in_parallel: [{${TAKE}}, {put: second, resource: aws, params: {acquire: true}, timeout: 1h}]}]
  ensure: {in_parallel: [{${GIVE}}, {put: aws, params: {release: second}}]}`;
    expect(told(text, 1)).toEqual([
      'self-wait: deploy plan[0].in_parallel[0]: One build claims 2 locks of pool aws, which has 1: `put: aws` (plan[0].in_parallel[0]) waits for a lock that the build itself holds.',
    ]);
  });

  test('the same lock twice, whatever the size of the pool', () => {
    const text = TWICE.replaceAll('{acquire: true}', '{claim: env-1}');
    expect(told(text)).toEqual([
      'self-wait: deploy plan[1]: One build claims lock env-1 twice: `put: second` (plan[1]) waits for the lock that the build itself holds.',
    ]);
  });
});

describe('no timeout', () => {
  const withPut = (put: string, more = '') => `- name: deploy
  plan: [{${put}}, {task: test}]
  ensure: {${GIVE}}${more}`;

  test('a put that waits for any lock', () => {
    expect(told(withPut('put: aws, params: {acquire: true}'))).toEqual([
      'no-timeout: deploy plan[0]: `put: aws` (plan[0]) has no `timeout`, so it can wait forever for a free lock of pool aws.',
    ]);
    expect(fixesOf(withPut('put: aws, params: {acquire: true}'))).toEqual([
      '- put: aws\n  params: {acquire: true}\n  timeout: 1h',
    ]);
    expect(lintFixed(jobs(withPut('put: aws, params: {acquire: true}')))).toEqual([]);
  });

  test('a put that waits for one lock', () => {
    expect(told(withPut('put: aws, params: {claim: env-1}'))).toEqual([
      'no-timeout: deploy plan[0]: `put: aws` (plan[0]) has no `timeout`, so it can wait forever for lock env-1 to be free.',
    ]);
  });

  test.each<[string, string]>([
    ['a timeout around it', withPut('do: [{put: aws, params: {acquire: true}}], timeout: 1h')],
    ['a timeout by a variable', withPut('put: aws, params: {acquire: true}, timeout: ((t))')],
    ['a lock that is born claimed', withPut('put: aws, params: {add_claimed: lock}')],
  ])('not for %s', (_, text) => {
    expect(told(text)).toEqual([]);
  });
});

describe('a large pipeline, which is not walked again and again', () => {
  test('hooks of hooks', () => {
    let hook = GIVE;
    for (let i = 0; i < 40; i += 1) hook = `task: t${i}, ensure: {${hook}}`;
    expect(told(`- name: deploy\n  plan: [{${TAKE}}, {task: test, ensure: {${hook}}}]`)).toEqual([]);
  });

  test('a lock that is handed on through eight rows of eight jobs', () => {
    const eight = [0, 1, 2, 3, 4, 5, 6, 7];
    const job = (row: number, i: number) => {
      const passed = row === 0 ? 'claim' : eight.map((j) => `r${row - 1}j${j}`).join(', ');
      return `- name: r${row}j${i}\n  plan: [{get: aws, passed: [${passed}], trigger: true}, {task: t}]\n`;
    };
    const text = CLAIM + eight.flatMap((row) => eight.map((i) => job(row, i))).join('');
    expect(new Set(lintYaml(jobs(text)).map((one) => one.rule))).toEqual(new Set(['handed-on-untended']));
  });
});
