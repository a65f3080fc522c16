import { createHash } from 'node:crypto';
import type { Survey } from '../../core/survey/surveyed.ts';
import { htmlReport } from '../../report/html/report-page.ts';
import type { Report } from '../../report/model.ts';
import type { Session } from '../session.ts';
import { historySince } from './read-history.ts';

/** So many seconds are drawn: over a weekend. */
const DRAWN = 3 * 86_400;

/** The report as a page, with a picture of who held which lock over the last days. */
export async function htmlOf(session: Session, found: Survey, report: Report): Promise<string> {
  const { ref, now, pools } = found;
  const period = { from: now - DRAWN, until: now };
  const listings = pools.map(({ listing }) => listing);
  const { history } = await historySince(session, ref, listings, period.from, now);
  return htmlReport(report, { timeline: { period, history }, sha256: base64Sha256 });
}

function base64Sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
