import { shortDuration } from '../../core/duration.ts';
import type { CameBack } from '../../core/history/own-releases.ts';
import { quoteName } from '../../core/quote-name.ts';
import { count } from '../../core/text.ts';
import { isoTime } from '../../core/time.ts';
import type { OwnReleases } from '../../sweep/report/count-own-releases.ts';

/** The measure of wrong releases in a sentence; none is said, too. */
export function ownReleasesSummary({ count: many, cameBack, notAsked }: OwnReleases): string {
  if (many === 0) return 'Pool Boy released no lock.';
  const alive =
    cameBack.length === 0
      ? 'no holder came back'
      : `${count(cameBack.length, 'holder')} ${cameBack.length === 1 ? 'was' : 'were'} alive after it`;
  return `Pool Boy released ${count(many, 'lock')}, and ${alive}.${gapOf(notAsked)}`;
}

function gapOf(notAsked: number | null): string {
  if (notAsked === null) return ' Only the commits were read, since no Concourse is configured.';
  return notAsked === 0
    ? ''
    : ` For ${notAsked} of them only the commits were read: Concourse was not asked, or gave no answer.`;
}

/** One holder that was alive after our release, and what shows it. */
export function cameBackText({ release, build, at, how, evidence }: CameBack): string {
  const { pool, lock, commit } = release;
  const later = at === null ? 'later' : `${shortDuration(Math.max(0, at - release.at))} later`;
  const what = how === 'runs' ? 'still runs' : how === 'ended' ? `ended ${later}` : `${how} it ${later}`;
  const source = evidence === 'git' ? 'git' : 'Concourse';
  return `${quoteName(`${pool}/${lock}`)} was released at ${isoTime(Math.floor(release.at))} (${commit.slice(0, 10)}), and ${build} ${what} (known from ${source}).`;
}

export function ownReleasesAsJson({ count: many, cameBack }: OwnReleases) {
  return {
    count: many,
    came_back: cameBack.map(({ release: { pool, lock, commit }, claim, build, at, evidence }) => ({
      pool: pool.toWellFormed(),
      lock: lock.toWellFormed(),
      commit,
      claim,
      build,
      at: at === null ? null : isoTime(Math.floor(at)),
      evidence,
    })),
  };
}
