import { isoTime } from '../../../core/time.ts';
import type { OwnReleases } from '../../../sweep/report/count-own-releases.ts';
import { cameBackText, ownReleasesSummary } from '../own-releases-text.ts';
import { type Finding, good, shellWord, warning } from './finding.ts';

/** Whether Pool Boy took locks from holders that were alive. `from`: since when, in unix seconds. */
export function checkOwnReleases(
  releases: OwnReleases,
  from: number,
  tell: (finding: Finding) => void,
): void {
  const { cameBack } = releases;
  if (cameBack.length === 0)
    tell(good(`Since ${isoTime(Math.floor(from)).slice(0, 10)} ${ownReleasesSummary(releases)}`));
  for (const one of cameBack) {
    tell(
      warning(
        `A release was wrong: ${cameBackText(one)}`,
        `pool-boy explain ${shellWord(`${one.release.pool}/${one.release.lock}`)} # then a longer stale_after, or a rule such as on_failure: keep`,
      ),
    );
  }
}
