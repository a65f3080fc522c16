// Recorded answers of real Concourses, which lie beside the project in shared/data and are no part of it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

/** As whom a question was asked; null: without the API's tokens, as a login is. */
export type Asker = 'viewer' | 'nobody' | 'anonymous' | 'garbage' | null;

export type Recording = {
  /** The file without its ending: what was asked, then as whom. */
  name: string;
  path: string;
  as: Asker;
  form: Readonly<Record<string, string>> | null;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Unix seconds. */
  at: number;
  /** As parsed JSON; a string where it was none. */
  body: unknown;
};

/** Where the folder is there and cannot be read, the tests fail: only its absence is a reason to skip them. */
export const hasRecordings = existsSync(DATA);

if (!hasRecordings) {
  process.stderr.write('Skipped: no recorded answers of Concourse lie beside the project (shared/data).\n');
}

export function readRecordings(version: string): Recording[] {
  if (!hasRecordings) return [];
  const folder = join(DATA, `concourse-${version}`);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => readRecording(folder, file));
}

function readRecording(folder: string, file: string): Recording {
  const { request, status, headers, body } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return {
    name: file.slice(0, -'.json'.length),
    path: request.path,
    as: request.as ?? null,
    form: request.form ?? null,
    status,
    headers,
    at: Date.parse(headers.Date) / 1000,
    body,
  };
}
