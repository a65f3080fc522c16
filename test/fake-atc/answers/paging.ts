import { newestFirst } from '../model/order-builds.ts';
import type { Build } from '../types.ts';
import { type Answer, json } from './answer.ts';

const DEFAULT_LIMIT = 100;

type Page = { from: number | null; to: number | null; limit: number };

/**
 * A page of builds, cut by id but ordered by the original build. So a page can lack a rerun that is younger than
 * `to` although its original is on the page: the real ATC has that hole too. Newest first, but for `from` and `to`
 * together: then oldest first.
 */
export function pageBuilds(
  builds: readonly Build[],
  query: URLSearchParams,
  url: string,
  present: (build: Build) => object,
): Answer {
  const page = readPage(query);
  const ordered = newestFirst(builds);
  const inRange = ordered.filter(
    (build) => (page.from === null || build.id >= page.from) && (page.to === null || build.id <= page.to),
  );
  const answer = (shown: readonly Build[]) =>
    withLinks(json(shown.map(present)), linksAround(ordered, shown, page, url));
  if (page.from === null) return answer(inRange.slice(0, page.limit));
  // `from` alone counts upwards from the oldest build of the range.
  if (page.to === null) return answer(inRange.slice(-page.limit));
  return answer(inRange.toReversed().slice(0, page.limit));
}

export function readPage(query: URLSearchParams): Page {
  const limit = readNumber(query.get('limit'));
  return {
    from: readNumber(query.get('from')),
    to: readNumber(query.get('to')),
    limit: limit === null || limit === 0 ? DEFAULT_LIMIT : limit,
  };
}

export function pageLink(url: string, bound: 'from' | 'to', id: number, limit: number): string {
  const rel = bound === 'to' ? 'next' : 'previous';
  return `<${url}${url.includes('?') ? '&' : '?'}${bound}=${id}&limit=${limit}>; rel="${rel}"`;
}

export function withLinks(answer: Answer, links: string[]): Answer {
  return links.length === 0 ? answer : { ...answer, headers: { ...answer.headers, link: links } };
}

function linksAround(all: readonly Build[], shown: readonly Build[], page: Page, url: string): string[] {
  const [newest, oldest] = [shown.at(0), shown.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const older = all.find((build) => build.id < oldest.id);
  const newer = all.findLast((build) => build.id > newest.id);
  return [
    ...(older ? [pageLink(url, 'to', older.id, page.limit)] : []),
    ...(newer ? [pageLink(url, 'from', newer.id, page.limit)] : []),
  ];
}

/** What is no number counts as zero, as `strconv.Atoi` leaves it. */
function readNumber(given: string | null): number | null {
  if (given === null || given === '') return null;
  return /^\d+$/.test(given) ? Number(given) : 0;
}
