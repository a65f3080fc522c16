import { type Answer, json } from './answer.ts';
import { newestFirst } from './order-builds.ts';
import { presentBuild } from './present.ts';
import type { Build } from './types.ts';

const DEFAULT_LIMIT = 100;

type Page = { from: number | null; to: number | null; limit: number };

/**
 * A page of builds, cut by id but ordered by the original build. So a page can lack a rerun that is younger than
 * `to` although its original is on the page: the real ATC has that hole too.
 */
export function pageBuilds(builds: readonly Build[], query: URLSearchParams, url: string): Answer {
  const page = readPage(query);
  const inRange = newestFirst(builds).filter(
    (build) => (page.from === null || build.id >= page.from) && (page.to === null || build.id <= page.to),
  );
  // `from` alone counts upwards from the oldest build of the range.
  const upwards = page.from !== null && page.to === null;
  const shown = upwards ? inRange.slice(-page.limit) : inRange.slice(0, page.limit);
  const answer = json(shown.map(presentBuild));
  const links = linksAround(newestFirst(builds), shown, page, url);
  return links.length === 0 ? answer : { ...answer, headers: { ...answer.headers, link: links } };
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

function readNumber(given: string | null): number | null {
  return given !== null && /^\d+$/.test(given) ? Number(given) : null;
}
