import { ConcourseFailure } from '../atc/http/atc-error.ts';
import { shownUri } from '../core/repository-uri.ts';
import type { Source } from '../core/source/source.ts';
import { GitFailure } from '../git/failures/git-failure.ts';
import { metricsPushes } from '../metrics/metrics.ts';
import { pushMetrics } from '../metrics/push-metrics.ts';
import type { Report } from '../report/model.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import type { Session } from './session.ts';

/** How a run ended that may have released locks, and what it found, which is measured however it ended. */
export type Measured<T> =
  | { readonly kind: 'done'; readonly report: Report; readonly value: T }
  | { readonly kind: 'failed'; readonly report: Report; readonly error: unknown };

/** Runs something that may release locks, and pushes metrics about it where `source` names a gateway. */
export async function withMetrics<T>(
  source: Source,
  tools: RunTools,
  open: () => Promise<Session>,
  run: (session: Session) => Promise<Measured<T>>,
): Promise<T> {
  const started = tools.clock();
  let { branch } = source.repository;
  let measured: Measured<T>;
  try {
    const session = await open();
    branch = session.repository.branch;
    measured = await run(session);
  } catch (error) {
    await push(source, tools, { branch, report: null, started, error });
    throw error;
  }
  const { report } = measured;
  if (measured.kind === 'failed') {
    await push(source, tools, { branch, report, started, error: measured.error });
    throw measured.error;
  }
  await push(source, tools, { branch, report, started, error: null });
  return measured.value;
}

interface RunRecord {
  /** Null in a run that failed before it knew the remote's branch. */
  readonly branch: string | null;
  /** Null in a run that failed before it had found anything. */
  readonly report: Report | null;
  /** Unix seconds. */
  readonly started: number;
  readonly error: unknown;
}

async function push(
  source: Source,
  { clock, lifetime, log }: RunTools,
  { branch, report, started, error }: RunRecord,
): Promise<void> {
  if (source.pushGateway === null) return;
  const finishedAt = clock();
  const pushes = metricsPushes({
    repository: { uri: shownUri(source.repository.uri), branch },
    asksForBranch: source.repository.branch === null,
    run: {
      succeeded: error === null,
      finishedAt,
      durationSeconds: finishedAt - started,
      failures: failuresOf(error),
    },
    report,
    namedPools: namedPools(source),
  });
  await pushMetrics({ url: source.pushGateway, pushes, signal: lifetime.signal, warn: log.warn });
}

/** The pools that are named without a glob: those of the narrowest list. */
function namedPools({ pools, narrowedTo }: Source): string[] {
  const entries = narrowedTo.at(-1) ?? pools ?? [];
  return entries.map(({ name }) => name).filter((name) => !/[*?[{]/.test(name));
}

function failuresOf(error: unknown): { atc: number; git: number } {
  return { atc: error instanceof ConcourseFailure ? 1 : 0, git: error instanceof GitFailure ? 1 : 0 };
}
