import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { NO_COMMIT } from '../core/lock.ts';
import type { Version } from '../core/resource-version.ts';
import { jsonReport } from '../report/json.ts';
import { markdownReport } from '../report/markdown.ts';
import { staleLines, summaryLine } from '../report/summary.ts';
import { noParams } from '../request/params-schema.ts';
import { type Envelope, parseRequest } from '../request/request.ts';
import type { Response } from '../request/response.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import { htmlOf } from '../sweep/report/html-of.ts';
import { releasedAt } from '../sweep/report/released-by-run.ts';
import { reportOf } from '../sweep/report/report-of.ts';
import { neverFailingForConcourse, openSession, type Session } from '../sweep/session.ts';
import { describeSurvey } from '../sweep/survey/log-survey.ts';
import { survey } from '../sweep/survey/survey.ts';
import { metadataOf } from './metadata.ts';

/** `in`: reports the locks as of the version's commit, judged now, into `directory`. */
export async function inStep(
  envelope: Envelope,
  directory: string | undefined,
  tools: RunTools,
): Promise<Response> {
  const { source, version } = parseRequest(envelope, noParams);
  if (version === null) throw new Failure('The request has no version; `in` needs the version to fetch.');
  if (directory === undefined)
    throw new Failure('Missing argument: destination directory (`in DIRECTORY`, as Concourse calls it).');
  const session = await openSession(neverFailingForConcourse(source), tools);
  const head = await session.repository.fetch();
  const ref = await commitOf(version, head, session);
  const found = await survey(session, ref, head);
  describeSurvey(found, session);
  const moved = movedOn(session, ref, head);
  for (const warning of moved) tools.log.warn(warning);
  const report = reportOf(session, found, await releasedAt(session, version, found), moved);
  // One after the other: with thousands of locks each form is megabytes.
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  write('report.json', `${jsonReport(report)}\n`);
  write('report.md', markdownReport(report));
  write('report.html', await htmlOf(session, found, report));
  write('summary', `${summaryLine(report)}\n`);
  write('stale', staleLines(found.pools));
  return { version, metadata: metadataOf(report) };
}

async function commitOf({ ref }: Version, head: string, { repository }: Session): Promise<string> {
  if (ref === NO_COMMIT || ref === head) return head;
  if (/^[0-9a-f]{40,64}$/.test(ref) && (await repository.isInHistory(ref))) return ref;
  throw new Failure(
    `The commit ${ref} is no longer in the history of branch ${repository.branch}: the branch was rewritten, or the version is another resource's; check the resource again for a new version.`,
  );
}

function movedOn({ repository }: Session, ref: string, head: string): string[] {
  if (ref === head) return [];
  return [
    `Branch ${repository.branch} has moved on from ${ref.slice(0, 10)} to ${head.slice(0, 10)}; this report shows the locks as of the older commit.`,
  ];
}

function writeFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`The report could not be written (${why}): check the destination directory.`, {
      cause: error,
    });
  }
}
