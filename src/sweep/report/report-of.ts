import { shownUri } from '../../core/repository-uri.ts';
import type { Survey } from '../../core/survey/surveyed.ts';
import { makeReport, type ReleasedReport, type Report } from '../../report/model.ts';
import type { Session } from '../session.ts';

/** The report on a survey. Free text passes the mask of secrets; names and hashes are never altered. */
export function reportOf(
  { source, repository, tools }: Session,
  found: Survey,
  released: readonly ReleasedReport[],
  warnings: readonly string[] = [],
): Report {
  const { mask } = tools;
  return makeReport({
    now: found.now,
    repository: {
      uri: shownUri(source.repository.uri),
      branch: repository.branch,
      ref: found.ref,
    },
    concourse: found.concourse,
    pools: found.pools,
    released,
    warnings: [...found.warnings, ...warnings].map((text) => mask.apply(text)),
  });
}
