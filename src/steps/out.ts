import { NO_COMMIT } from '../core/lock.ts';
import { quoteName } from '../core/quote-name.ts';
import { staleOf } from '../core/resource-version.ts';
import { afterReleases, staleClaims } from '../core/survey/surveyed.ts';
import { type OutParams, outParams } from '../request/params-schema.ts';
import { type Envelope, parseRequest } from '../request/request.ts';
import type { Metadatum, Response } from '../request/response.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import { sha256 } from '../runtime/sha256.ts';
import { type Outcome, releaseStale } from '../sweep/release/release-stale.ts';
import { reportOnRun } from '../sweep/report/report-on-run.ts';
import { neverFailingForConcourse, openSession, type Session } from '../sweep/session.ts';
import { type Measured, withMetrics } from '../sweep/with-metrics.ts';
import { metadataOf } from './metadata.ts';

/**
 * `out`: releases what is stale. The version's `ref` is the last commit that was pushed; without one it is "no
 * commit", since a moving head would be a new version each time and set off every job that waits for one.
 */
export async function out(envelope: Envelope, tools: RunTools): Promise<Response> {
  const { source, params } = parseRequest(envelope, outParams);
  // Whoever names claims has decided: what Concourse says of them, or that it says nothing, changes nothing.
  const asked = params.release === null ? source : neverFailingForConcourse(source);
  return await withMetrics(
    source,
    tools,
    () => openSession(asked, tools),
    (session) => releaseAndReport(session, params),
  );
}

async function releaseAndReport(session: Session, params: OutParams): Promise<Measured<Response>> {
  const run = await releaseStale(session, {
    dryRun: params.dryRun,
    wanted:
      params.release === null
        ? { kind: 'stale', approved: null }
        : { kind: 'written', references: params.release },
    inPools: params.pools,
    to: null,
    limit: params.limit,
    isLogged: true,
  });
  const report = reportOnRun(run, session);
  if (run.kind === 'failed') return { kind: 'failed', report, error: run.error };
  const { outcome } = run;
  const left = afterReleases(outcome.found, outcome.pushed, outcome.releases);
  return {
    kind: 'done',
    report,
    value: {
      version: { ref: outcome.pushed ?? NO_COMMIT, stale: staleOf(staleClaims(left), sha256) },
      metadata: metadataOf(report, plannedMetadata(outcome)),
    },
  };
}

function plannedMetadata({ releases }: Outcome): Metadatum[] {
  return releases
    .filter(({ commit }) => commit === null)
    .map(({ pool, lock, reason, detail }) => ({
      name: `would release ${quoteName(`${pool}/${lock}`)}`,
      value: `${reason}: ${detail}`,
    }));
}
