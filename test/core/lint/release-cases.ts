// Jobs that take and release one lock, and what lint says of them.
const TAKE = 'put: aws, params: {acquire: true}, timeout: 1h';
const GIVE = 'put: aws, params: {release: aws}';

export const clean: readonly (readonly [string, string])[] = [
  [
    'a release in ensure of the job',
    `- name: deploy
  plan: [{get: code}, {${TAKE}}, {task: test}]
  ensure: {${GIVE}}`,
  ],
  [
    'a release in ensure of the step behind the claim',
    `- name: deploy
  plan:
  - get: code
  - ${TAKE.replace(', params', '\n    params').replace(', timeout', '\n    timeout')}
  - task: test
    ensure: {${GIVE}}`,
  ],
  [
    'a release in ensure of an in_parallel',
    `- name: deploy
  plan:
  - {${TAKE}}
  - in_parallel: {fail_fast: true, limit: 2, steps: [{task: one}, {task: two}]}
    ensure: {${GIVE}}`,
  ],
  [
    'a release beside other steps of an in_parallel in ensure',
    `- name: deploy
  plan: [{${TAKE}}, {task: test}]
  ensure: {in_parallel: [{task: notify}, {${GIVE}}]}`,
  ],
  [
    'a release in on_success, on_failure, on_error and on_abort together',
    `- name: deploy
  plan: [{${TAKE}}, {task: test}]
  on_success: &give {${GIVE}}
  on_failure: *give
  on_error: *give
  on_abort: *give`,
  ],
  [
    'a hook around a hook: ensure inside on_failure and the rest outside',
    `- name: deploy
  plan:
  - {${TAKE}}
  - do: [{task: test}]
    on_failure: {task: collect logs, ensure: {${GIVE}}}
    on_success: {${GIVE}}
    on_error: {${GIVE}}
    on_abort: {${GIVE}}`,
  ],
  [
    'a claim inside try',
    `- name: deploy
  plan: [{try: {${TAKE}}}, {task: test}]
  ensure: {try: {${GIVE}}}`,
  ],
  [
    'a claim with attempts of its own',
    `- name: deploy
  plan: [{${TAKE}, attempts: 3}, {task: test}]
  ensure: {${GIVE}}`,
  ],
  [
    'a claim and its ensure inside attempts',
    `- name: deploy
  plan:
  - do: [{${TAKE}}, {task: test, ensure: {${GIVE}}}]
    attempts: 3`,
  ],
  [
    'a claim and its ensure inside across',
    `- name: deploy
  plan:
  - do: [{${TAKE}}, {task: test, ensure: {${GIVE}}}]
    across: [{var: region, values: [eu, us], max_in_flight: all}]`,
  ],
  [
    'a claim of a named lock',
    `- name: deploy
  plan: [{put: env, resource: aws, params: {claim: env-1}, timeout: 1h}, {task: test}]
  ensure: {put: aws, params: {release: env}}`,
  ],
  [
    'a lock that is born claimed, and removed in ensure',
    `- name: deploy
  plan: [{task: build}, {put: aws, params: {add_claimed: lock}}, {task: test}]
  ensure: {put: aws, params: {remove: aws}}`,
  ],
  [
    'a directory with a path behind it',
    `- name: deploy
  plan: [{${TAKE}}, {task: test}]
  ensure: {put: aws, params: {release: ./aws/}}`,
  ],
  [
    'a release right behind the claim',
    `- name: deploy
  plan: [{${TAKE}}, {${GIVE}}, {task: test}]`,
  ],
  [
    'a release of what a task has made of the lock',
    `- name: deploy
  plan: [{${TAKE}}, {task: rename}]
  ensure: {put: aws, params: {release: renamed}}`,
  ],
  [
    'a release by a variable',
    `- name: deploy
  plan: [{${TAKE}}, {load_var: lock, file: aws/name}]
  ensure: {put: aws, params: {release: ((.:lock))}}`,
  ],
  [
    'params that are filled in from a variable',
    `- name: deploy
  plan: [{${TAKE}}, {task: test}]
  ensure: {put: aws, params: ((release))}`,
  ],
  [
    'steps that are filled in from a variable',
    `- name: deploy
  plan: [{${TAKE}}, ((steps))]`,
  ],
  [
    'a plan that is filled in from a variable',
    `- name: deploy
  plan: ((plan))`,
  ],
  [
    'puts that hold no lock: add, update, check, check_unclaimed',
    `- name: deploy
  plan:
  - {put: aws, params: {add: new}}
  - {put: aws, params: {update: new}}
  - {put: aws, params: {check: new}}
  - {put: aws, params: {check_unclaimed: new}}
  - {put: aws, params: {acquire: false}}`,
  ],
  [
    'a job elsewhere that releases whatever it gets',
    `- name: claim
  plan: [{${TAKE}}]
- name: release
  plan: [{get: aws}, {${GIVE}}]`,
  ],
];

export interface Case {
  readonly jobs: string;
  readonly rule: string;
  readonly step?: string;
  readonly message: string;
  readonly fix: string;
}

export const cases: Readonly<Record<string, Case>> = {
  'a claim and a release in one plan without ensure': {
    jobs: `- name: deploy
  plan: [{get: code}, {${TAKE}}, {task: test, file: ci/test.yml}, {${GIVE}}]`,
    rule: 'not-in-ensure',
    step: 'plan[1]',
    message:
      'The lock that `put: aws` (plan[1]) claims stays claimed when `task: test` (plan[2]) fails, errors or is aborted: `put: aws` (plan[3]) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - get: code
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test # keep its other keys
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a step between the claim and the ensure': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {get: code, trigger: true}, {task: test, ensure: {${GIVE}}}]`,
    rule: 'not-in-ensure',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when `get: code` (plan[1]) fails, errors or is aborted: `put: aws` (plan[2].ensure) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - do:
    - get: code
      trigger: true
    - task: test
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a step that can fail before the release in ensure': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {task: test}]
  ensure: {do: [{task: clean}, {${GIVE}}]}`,
    rule: 'not-in-ensure',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when `task: clean` (ensure.do[0]) fails, errors or is aborted: `put: aws` (ensure.do[1]) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test
    ensure:
      put: aws
      params: {release: aws}
  ensure:
    do:
    - task: clean`,
  },
  'a step beside the claim': {
    jobs: `- name: deploy
  plan: [{in_parallel: [{${TAKE}}, {task: build}]}, {task: test, ensure: {${GIVE}}}]`,
    rule: 'not-in-ensure',
    step: 'plan[0].in_parallel[0]',
    message:
      'The lock that `put: aws` (plan[0].in_parallel[0]) claims stays claimed when `task: build` (plan[0].in_parallel[1]) fails, errors or is aborted: `put: aws` (plan[1].ensure) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - in_parallel:
    - put: aws
      params: {acquire: true}
      timeout: 1h
    - task: build
  - task: test
  ensure:
    put: aws
    params: {release: aws}`,
  },
  'a second claim that a build may wait for while it holds the first': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {put: gcp, params: {acquire: true}, timeout: 2h}, {task: test, ensure: {in_parallel: [{${GIVE}}, {put: gcp, params: {release: gcp}}]}}]`,
    rule: 'not-in-ensure',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when `put: gcp` (plan[1]) fails, errors or is aborted: `put: aws` (plan[2].ensure.in_parallel[0]) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - do:
    - put: gcp
      params: {acquire: true}
      timeout: 2h
    - task: test
      ensure:
        in_parallel:
        - put: gcp
          params: {release: gcp}
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a claim inside attempts together with other steps': {
    jobs: `- name: deploy
  plan:
  - {do: [{${TAKE}}, {task: build}], attempts: 2}
  - {task: test, ensure: {${GIVE}}}`,
    rule: 'not-in-ensure',
    step: 'plan[0].do[0]',
    message:
      '`put: aws` (plan[0].do[0]) is tried again by `attempts` together with later steps: each further attempt claims another lock, and the lock of the failed attempt stays claimed.',
    fix: `- name: deploy # keep its other keys
  plan:
  - do:
    - put: aws
      params: {acquire: true}
      timeout: 1h
    - task: build
      on_failure:
        put: aws
        params: {release: aws}
      on_abort:
        put: aws
        params: {release: aws}
      on_error:
        put: aws
        params: {release: aws}
    attempts: 2
  - task: test
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a claim inside across, released outside': {
    jobs: `- name: deploy
  plan:
  - {${TAKE}, across: [{var: region, values: [eu, us]}]}
  - {task: test, ensure: {${GIVE}}}`,
    rule: 'not-in-ensure',
    message:
      '`put: aws` (plan[0]) is inside `across`: no step outside can see the lock, so one that is not released inside stays claimed.',
    fix: `- name: deploy # keep its other keys
  plan:
  - do:
    - put: aws
      params: {acquire: true}
      timeout: 1h
    - task: test
      ensure:
        put: aws
        params: {release: aws}
    across: # keep its other keys
    - var: region`,
  },
  'a claim inside try, released in the plan': {
    jobs: `- name: deploy
  plan: [{try: {${TAKE}}}, {task: test}, {${GIVE}}]`,
    rule: 'not-in-ensure',
    step: 'plan[0].try',
    message:
      'The lock that `put: aws` (plan[0].try) claims stays claimed when `task: test` (plan[1]) fails, errors or is aborted: `put: aws` (plan[2]) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - try:
      put: aws
      params: {acquire: true}
      timeout: 1h
  - task: test
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a release inside aggregate, the old in_parallel': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {task: test}, {aggregate: [{${GIVE}}, {task: notify}]}]`,
    rule: 'not-in-ensure',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when `task: test` (plan[1]) fails, errors or is aborted: `put: aws` (plan[2].aggregate[0]) releases it, but not in an `ensure` that covers this.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - do:
    - task: test
    - aggregate:
      - task: notify
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a release in on_failure only': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {task: test, on_failure: {${GIVE}}}]`,
    rule: 'hook-gaps',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when the build succeeds, and when `task: test` (plan[1]) errors or is aborted: only `on_failure` releases it.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a release in the plan and in on_failure of the job': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {task: test}, {${GIVE}}]
  on_failure: {${GIVE}}`,
    rule: 'hook-gaps',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when `task: test` (plan[1]) errors or is aborted: only the plan and `on_failure` release it.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test
    ensure:
      put: aws
      params: {release: aws}`,
  },
  'a job that hands its lock on, and only when it succeeds': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {task: deploy}]
- name: test
  plan: [{get: aws, passed: [deploy], trigger: true}, {task: test}]
  ensure: {${GIVE}}`,
    rule: 'hook-gaps',
    message:
      'The lock that `put: aws` (plan[0]) claims is handed on to job test when the build succeeds, but stays claimed when `task: deploy` (plan[1]) fails, errors or is aborted.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: deploy
    on_failure:
      put: aws
      params: {release: aws}
    on_abort:
      put: aws
      params: {release: aws}
    on_error:
      put: aws
      params: {release: aws}`,
  },
  'a claim that nobody releases': {
    jobs: `- name: deploy
  plan: [{put: env, resource: aws, params: {claim: "on"}, timeout: 1h}, {task: test}]`,
    rule: 'no-release',
    message:
      'The lock of pool aws that `put: env` (plan[0]) claims is never released: no step of job deploy does it, and no other job takes the lock over.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: env
    resource: aws
    params: {claim: "on"}
    timeout: 1h
  - task: test
    ensure:
      put: aws
      params: {release: env}`,
  },
  'a release of another pool': {
    jobs: `- name: deploy
  plan: [{${TAKE}}, {task: test}]
  ensure: {put: gcp, params: {release: aws}}`,
    rule: 'no-release',
    message:
      'The lock of pool aws that `put: aws` (plan[0]) claims is never released: no step of job deploy does it, and no other job takes the lock over.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - task: test
    ensure:
      put: aws
      params: {release: aws}
  ensure:
    put: gcp
    params: {release: aws}`,
  },
  'a claim that ends its plan': {
    jobs: `- name: deploy
  plan: [{${TAKE}}]`,
    rule: 'no-release',
    message:
      'The lock of pool aws that `put: aws` (plan[0]) claims is never released: no step of job deploy does it, and no other job takes the lock over.',
    fix: `- name: deploy # keep its other keys
  plan:
  - put: aws
    params: {acquire: true}
    timeout: 1h
  - put: aws
    params: {release: aws}`,
  },
  'a lock that is born claimed and stays so': {
    jobs: `- name: build
  plan: [{put: aws, params: {add_claimed: lock}}, {task: test}, {put: aws, params: {release: aws}}]`,
    rule: 'not-in-ensure',
    message:
      'The lock that `put: aws` (plan[0]) claims stays claimed when `task: test` (plan[1]) fails, errors or is aborted: `put: aws` (plan[2]) releases it, but not in an `ensure` that covers this.',
    fix: `- name: build # keep its other keys
  plan:
  - put: aws
    params: {add_claimed: lock}
  - task: test
    ensure:
      put: aws
      params: {release: aws}`,
  },
};
