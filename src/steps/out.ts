import { quoteName } from '../core/quote.ts';
import { NO_COMMIT, staleOf } from '../core/version.ts';
import { type OutParams, outParams } from '../protocol/params-schema.ts';
import { type Envelope, parseRequest } from '../protocol/request.ts';
import type { Metadatum, Response } from '../protocol/response.ts';
import type { Source } from '../protocol/source-schema.ts';
import { afterwards, reportOnOutcome } from './afterwards.ts';
import { sha256 } from './digest.ts';
import { type Measurement, measured } from './measured.ts';
import { metadataOf } from './metadata.ts';
import { type Outcome, releaseStale } from './release.ts';
import { openSession } from './session.ts';
import { staleClaims } from './survey.ts';
import type { Tools } from './tools.ts';

/**
 * `out`: releases what is stale. The version's `ref` is the last commit that was pushed; without one it is "no
 * commit", since a moving head would be a new version each time and set off every job that waits for one.
 */
export async function out(envelope: Envelope, tools: Tools): Promise<Response> {
  const { source, params } = parseRequest(envelope, outParams);
  return await measured(source, tools, (measurement) => releaseAndReport(source, params, tools, measurement));
}

async function releaseAndReport(
  source: Source,
  params: OutParams,
  tools: Tools,
  measurement: Measurement,
): Promise<Response> {
  const session = await openSession(source, tools);
  measurement.branch = session.repository.branch;
  const outcome = await releaseStale(session, {
    dryRun: params.dryRun,
    narrowedTo: params.pools,
    requested: params.release,
    limit: params.limit,
  });
  const report = reportOnOutcome(outcome, session);
  measurement.report = report;
  return {
    version: { ref: outcome.pushed ?? NO_COMMIT, stale: staleOf(staleClaims(afterwards(outcome)), sha256) },
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
