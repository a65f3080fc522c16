import { quoteName } from '../core/quote-name.ts';
import { NO_COMMIT, staleOf } from '../core/resource-version.ts';
import type { Source } from '../core/source/source.ts';
import { afterReleases, staleClaims } from '../core/surveyed.ts';
import { type OutParams, outParams } from '../request/params-schema.ts';
import { type Envelope, parseRequest } from '../request/request.ts';
import type { Metadatum, Response } from '../request/response.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import { reportOnOutcome } from '../sweep/after-release.ts';
import { sha256 } from '../sweep/digest.ts';
import { type Outcome, releaseStale } from '../sweep/release-stale.ts';
import { neverFailingForConcourse, openSession } from '../sweep/session.ts';
import { type Measurement, measured } from '../sweep/with-metrics.ts';
import { metadataOf } from './metadata.ts';

/**
 * `out`: releases what is stale. The version's `ref` is the last commit that was pushed; without one it is "no
 * commit", since a moving head would be a new version each time and set off every job that waits for one.
 */
export async function out(envelope: Envelope, tools: RunTools): Promise<Response> {
  const { source, params } = parseRequest(envelope, outParams);
  return await measured(source, tools, (measurement) => releaseAndReport(source, params, tools, measurement));
}

async function releaseAndReport(
  source: Source,
  params: OutParams,
  tools: RunTools,
  measurement: Measurement,
): Promise<Response> {
  // Whoever names claims has decided: what Concourse says of them, or that it says nothing, changes nothing.
  const asked = params.release === null ? source : neverFailingForConcourse(source);
  const session = await openSession(asked, tools);
  measurement.branch = session.repository.branch;
  const outcome = await releaseStale(session, {
    dryRun: params.dryRun,
    narrowedTo: params.pools,
    requested: params.release,
    limit: params.limit,
  });
  const report = reportOnOutcome(outcome, session);
  measurement.report = report;
  const left = afterReleases(outcome.found, outcome.pushed, outcome.releases);
  return {
    version: { ref: outcome.pushed ?? NO_COMMIT, stale: staleOf(staleClaims(left), sha256) },
    metadata: metadataOf(report, plannedMetadata(outcome)),
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
