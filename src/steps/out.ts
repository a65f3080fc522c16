import { quoteName } from '../core/quote.ts';
import { NO_COMMIT, staleOf } from '../core/version.ts';
import { outParams } from '../protocol/params-schema.ts';
import { type Envelope, parseRequest } from '../protocol/request.ts';
import type { Metadatum, Response } from '../protocol/response.ts';
import { afterwards, releasedReports } from './afterwards.ts';
import { sha256 } from './digest.ts';
import { metadataOf } from './metadata.ts';
import { type Outcome, releaseStale } from './release.ts';
import { reportOf } from './report-of.ts';
import { openSession } from './session.ts';
import { staleClaims } from './survey.ts';
import type { Tools } from './tools.ts';

/**
 * `out`: releases what is stale. The version's `ref` is the last commit that was pushed; without one it is "no
 * commit", since a moving head would be a new version each time and set off every job that waits for one.
 */
export async function out(envelope: Envelope, tools: Tools): Promise<Response> {
  const { source, params } = parseRequest(envelope, outParams);
  const session = await openSession(source, tools);
  const outcome = await releaseStale(session, {
    dryRun: params.dryRun,
    narrowedTo: params.pools,
    requested: params.release,
    limit: params.limit,
  });
  const left = outcome.pushed === null ? outcome.found : afterwards(outcome);
  const report = reportOf(
    session,
    { ...left, ref: outcome.pushed ?? left.ref },
    releasedReports(outcome),
    outcome.warnings,
  );
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
