// The programs' main job, from the outside: what Concourse says to them, and what it must be answered.
import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  /** Runs a program of the image; all paths are those in the image. */
  readonly run: (command: readonly string[], request?: unknown) => Outcome;
  readonly read: (path: string) => string;
  /** A new, empty folder for `in`. */
  readonly makeFolder: () => string;
}

const ZEROS = '0'.repeat(40);

/** The names by which people and pipelines call the command line. */
const COMMANDS = ['pool-boy', 'pool_boy.sh', 'pool_boy.py'];

/** Throws when an answer is not as it should be. The repository is one of makeLockRepository. */
export function tryPrograms(place: Place, repository: Readonly<Record<string, unknown>>): void {
  const source = { ...repository, pools: 'aws:60' };
  const answer = (command: readonly string[], request: object) => {
    const outcome = place.run(command, { source, ...request });
    strictEqual(outcome.status, 0, `${command[0]} failed: ${outcome.stderr}`);
    return JSON.parse(outcome.stdout);
  };
  const check = (version: unknown) => answer(['/opt/resource/check'], { version });

  const [found] = check(null);
  match(found.ref, /^[0-9a-f]{40}$/);
  match(found.stale, /^1:/);
  deepStrictEqual(check(found), [found], 'check says the same again when nothing has changed');

  const folder = place.makeFolder();
  deepStrictEqual(answer(['/opt/resource/in', folder], { version: found }).version, found);
  strictEqual(JSON.parse(place.read(`${folder}/report.json`)).summary.stale, 1);
  strictEqual(place.read(`${folder}/stale`), 'aws/env-1\n');

  const dryRun = answer(['/opt/resource/out', folder], { params: { dry_run: true } }).version;
  strictEqual(dryRun.ref, ZEROS, 'a dry run makes no commit');
  const released = answer(['/opt/resource/out', folder], { params: null }).version;
  match(released.ref, /^[0-9a-f]{40}$/);
  strictEqual(released.stale, 'none');

  const after = place.makeFolder();
  answer(['/opt/resource/in', after], { version: released });
  const report = JSON.parse(place.read(`${after}/report.json`));
  deepStrictEqual([report.summary.claimed, report.summary.released], [1, 1]);
  deepStrictEqual(check(null), [], 'nothing is stale any more');

  for (const name of COMMANDS) {
    const help = place.run([`/usr/local/bin/${name}`, '--help']);
    match(help.stdout, /Usage: pool-boy/, `${name} --help: ${help.stderr}`);
  }

  const refused = place.run(['/opt/resource/check'], { source: { ...source, pols: 'aws' } });
  strictEqual(refused.status, 1);
  strictEqual(refused.stdout, '');
  match(refused.stderr, /"pools"|pools/);
}
