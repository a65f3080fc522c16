import type { PoolReport, Report } from '../report/model.ts';
import { metricsGroupPath } from './metrics-group.ts';
import { exposition, type Metric } from './metrics-text.ts';

/** How a run went. Times in unix seconds. */
export interface RunMetrics {
  readonly succeeded: boolean;
  readonly finishedAt: number;
  readonly durationSeconds: number;
  /** 1 for the system whose failure ended the run, else 0: what was tried again with success does not count. */
  readonly failures: { readonly atc: number; readonly git: number };
}

export interface MetricsInput {
  /** `branch`: null in a run that failed before it knew the remote's branch. */
  readonly repository: { readonly uri: string; readonly branch: string | null };
  /** Whether `source` leaves the branch to the remote, so that a run may fail before it knows it. */
  readonly asksForBranch?: boolean;
  readonly run: RunMetrics;
  /** What the run reports; null when it failed before it had anything to report. */
  readonly report: Report | null;
  /**
   * The pools that `source` names without a glob. A run that fails early knows no others; where there are none, a
   * group without a pool says how the runs went.
   */
  readonly namedPools: readonly string[];
}

/**
 * One request to the push gateway. PUT replaces a group as a whole; POST only the metrics of the same names; DELETE
 * takes the group away, whether it is there or not.
 */
export interface MetricsPush {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body: string;
}

/**
 * One group per repository, branch and pool, so that two Pool Boys with different pools of one repository do
 * not overwrite each other. A run that succeeded replaces its groups as a whole. One that failed must not: the
 * gateway would forget when the last one succeeded. One that does not even know its branch has groups without a
 * branch; the next success takes them away, since nothing else would, and they would report a failure forever.
 */
export function metricsPushes(input: MetricsInput): MetricsPush[] {
  const { repository, asksForBranch = false, run, report, namedPools } = input;
  const { uri, branch } = repository;
  const path = (pool: string) => metricsGroupPath({ uri, branch: branch ?? '', pool });
  const ofRun = exposition(runMetrics(run));
  const pools = report?.pools ?? [];
  const surveyed = pools.map((pool): MetricsPush => {
    const metrics = report === null ? [] : poolMetrics(pool, report);
    return {
      method: run.succeeded ? 'PUT' : 'POST',
      path: path(pool.name),
      body: exposition([...metrics, ...runMetrics(run)]),
    };
  });
  const others = namedPools.length === 0 ? [''] : run.succeeded ? [] : namedPools;
  const unseen = others.filter((name) => !pools.some((pool) => pool.name === name));
  const branchless = run.succeeded && asksForBranch ? (namedPools.length === 0 ? [''] : namedPools) : [];
  return [
    ...surveyed,
    ...unseen.map((name): MetricsPush => ({ method: 'POST', path: path(name), body: ofRun })),
    ...branchless.map(
      (pool): MetricsPush => ({
        method: 'DELETE',
        path: metricsGroupPath({ uri, branch: '', pool }),
        body: '',
      }),
    ),
  ];
}

/** Reasons that are always reported, also as zero, so that a graph shows that nothing happened. */
const USUAL_REASONS = ['build-ended', 'timed-out', 'by-request'];

function poolMetrics(pool: PoolReport, report: Report): Metric[] {
  const claimed = pool.locks.flatMap((lock) => (lock.state === 'claimed' ? [lock] : []));
  const released = report.released.filter((one) => one.pool === pool.name);
  const reasons = [...new Set([...USUAL_REASONS, ...released.map(({ reason }) => reason)])];
  const states = {
    claimed: pool.claimed,
    unclaimed: pool.unclaimed,
    stale: pool.stale,
    undecided: claimed.filter(({ verdict }) => verdict === 'undecided').length,
  };
  return [
    {
      name: 'pool_boy_locks',
      help: 'Locks of the pool by state after the run; stale and undecided ones are claimed as well.',
      samples: Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
    },
    {
      name: 'pool_boy_oldest_claim_age_seconds',
      help: 'How long the lock that was claimed first has been held; 0 when none is claimed.',
      samples: [{ labels: {}, value: Math.max(0, ...claimed.map((lock) => lock.held_seconds ?? 0)) }],
    },
    {
      name: 'pool_boy_last_run_released_locks',
      help: 'Locks that the last run released, by reason.',
      samples: reasons.map((reason) => ({
        labels: { reason },
        value: released.filter((one) => one.reason === reason).length,
      })),
    },
  ];
}

function runMetrics({ succeeded, finishedAt, durationSeconds, failures }: RunMetrics): Metric[] {
  const one = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    one('pool_boy_last_run_success', 'Whether the last run succeeded: 1 or 0.', succeeded ? 1 : 0),
    one('pool_boy_last_run_duration_seconds', 'How long the last run took.', durationSeconds),
    one('pool_boy_last_run_timestamp_seconds', 'When the last run ended.', finishedAt),
    {
      name: 'pool_boy_last_run_failures',
      help: '1 for the system whose failure ended the last run, else 0.',
      samples: Object.entries(failures).map(([system, value]) => ({ labels: { system }, value })),
    },
    ...(succeeded
      ? [one('pool_boy_last_success_timestamp_seconds', 'When a run last succeeded.', finishedAt)]
      : []),
  ];
}
