// What many claims cost a Concourse: requests, and time at 20 ms for each answer. The built programs against the stand-in
// for Concourse of the tests. `node scripts/bench/bench-concourse.ts`, after a build.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ciModel, PASSWORD } from '../../test/fake-atc/model.ts';
import { startAtc } from '../../test/fake-atc/start-atc.ts';
import type { Ci } from '../../test/fake-atc/types.ts';
import { type MadeClaim, makeClaimRepository } from './claim-repository.ts';
import { runStep } from './run.ts';
import { table } from './tables.ts';

const LATENCY = 20;
const PIPELINES = 20;
const RUNS = 3;

interface Cost {
  readonly requests: number;
  /** The shortest of several runs. */
  readonly milliseconds: number;
}

const folder = mkdtempSync(join(tmpdir(), 'pool-boy-bench-'));
try {
  const one = await costOfRunning(1);
  const many = await costOfRunning(1000);
  const ended = await costOfEnded(200);
  const extra = many.milliseconds - one.milliseconds;
  const besides = ended.requests - 3 * 200;
  console.log(
    table([
      ['', 'requests', 'time'],
      ['1 claim of a running build, check', String(one.requests), `${one.milliseconds.toFixed(0)} ms`],
      ['1,000 claims of running builds, check', String(many.requests), `${many.milliseconds.toFixed(0)} ms`],
      [
        '200 stale claims in 20 pipelines, out (dry run)',
        String(ended.requests),
        `${ended.milliseconds.toFixed(0)} ms`,
      ],
    ]),
  );
  const targets: readonly (readonly [string, number, number])[] = [
    ['requests for 1,000 running builds', many.requests, 25],
    ['milliseconds that they take more than one', Math.round(extra), 1500],
    ['requests for 200 stale locks, besides 3 for each', besides, 60],
  ];
  console.log(
    `\n${table(targets.map(([name, value, limit]) => [name, String(value), `at most ${limit}`, value <= limit ? 'met' : 'NOT met']))}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Builds that run, evenly spread over the jobs of some pipelines. */
async function costOfRunning(count: number): Promise<Cost> {
  const jobs = 5;
  return await costOf(
    `running-${count}`,
    count,
    'check',
    (ci, _claims, owners) => {
      for (const { pipeline, job, build } of owners)
        pipelineOf(ci, pipeline, jobs).build(job, { name: build, status: 'started', start: ci.at(-40) });
    },
    jobs,
  );
}

/** Builds that failed, each with its claim among its outputs. */
async function costOfEnded(count: number): Promise<Cost> {
  const jobs = 1;
  return await costOf(
    `ended-${count}`,
    count,
    'out',
    (ci, claims, owners) => {
      owners.forEach(({ pipeline, job, build }, at) => {
        const version = { ref: claims[at]?.commit ?? '' };
        pipelineOf(ci, pipeline, jobs).build(job, {
          name: build,
          status: 'failed',
          start: ci.at(-40),
          end: ci.at(-20),
          outputs: [{ resource: 'locks', version }],
        });
      });
    },
    jobs,
  );
}

interface Owner {
  readonly pipeline: string;
  readonly job: string;
  readonly build: string;
}

async function costOf(
  name: string,
  count: number,
  program: 'check' | 'out',
  fill: (ci: Ci, claims: readonly MadeClaim[], owners: readonly Owner[]) => void,
  jobs: number,
): Promise<Cost> {
  const owners = Array.from({ length: count }, (_, at): Owner => {
    const row = Math.floor(at / PIPELINES);
    const build = String(Math.floor(row / jobs) + 1);
    return { pipeline: `deploy-${at % PIPELINES}`, job: `acquire-${row % jobs}`, build };
  });
  const ci = ciModel();
  const directory = join(folder, `${name}.git`);
  const claims = makeClaimRepository(
    directory,
    owners.map(({ pipeline, job, build }) => `main/${pipeline}/${job} build ${build}`),
    ci.at(-30),
  );
  fill(ci, claims, owners);
  const atc = await startAtc(ci);
  atc.onRequest('', () => sleep(LATENCY));
  const own = join(folder, name);
  mkdirSync(own);
  const concourse = { url: atc.url, username: 'pool-boy', password: PASSWORD };
  const source = { uri: `file://${directory}`, branch: 'main', pools: ['aws'], concourse };
  try {
    let best: Cost | null = null;
    for (let run = 0; run < RUNS; run += 1) {
      atc.forget();
      const { milliseconds } = await runStep(program, {
        source,
        params: program === 'out' ? { dry_run: true } : {},
        folder: own,
      });
      if (best === null || milliseconds < best.milliseconds)
        best = { requests: atc.requests.length, milliseconds };
    }
    return best ?? { requests: 0, milliseconds: 0 };
  } finally {
    await atc.close();
  }
}

function pipelineOf(ci: Ci, name: string, jobs: number) {
  const there = ci.pipelines.find((pipeline) => pipeline.name === name);
  if (there !== undefined) return there;
  const acquire = Array.from({ length: jobs }, (_, at) => ({ name: `acquire-${at}`, outputs: ['locks'] }));
  const passed = acquire.map((job) => job.name);
  const use = { name: 'use', inputs: [{ resource: 'locks', passed }] };
  return ci.pipeline('main', name, { resources: ['locks'], jobs: [...acquire, use] });
}
