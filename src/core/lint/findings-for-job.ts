import type { Finding } from './finding.ts';

/**
 * The findings that explain why a job's claims stay behind. `job` is as `describeJob` writes it; a message of many
 * years ago names no team.
 */
export function findingsFor(job: string, findings: readonly Finding[]): Finding[] {
  return findings.filter(({ team, pipeline, claimedBy }) =>
    claimedBy.some((name) => job === `${team}/${pipeline}/${name}` || job === `${pipeline}/${name}`),
  );
}
