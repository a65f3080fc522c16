// Trees and commits read from and written straight into a repository, and its branch moved, all as git itself does, but
// without a process for each: a storm needs thousands.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

/** Path → mode and id, as `git ls-tree -r` lists them. */
export type Files = Map<string, { readonly mode: string; readonly id: string }>;

const FOLDER = '40000';

export function readFiles(repository: string, commit: string): Files {
  const [, tree = ''] =
    /^tree ([0-9a-f]{40})$/m.exec(readObject(repository, commit).toString('latin1')) ?? [];
  return readTree(repository, tree, '');
}

function readTree(repository: string, tree: string, folder: string): Files {
  const files: Files = new Map();
  let rest = readObject(repository, tree);
  while (rest.length > 0) {
    const end = rest.indexOf(0);
    const [mode = '', name = ''] = rest.toString('utf8', 0, end).split(/ (.*)/s);
    const id = rest.toString('hex', end + 1, end + 21);
    rest = rest.subarray(end + 21);
    if (mode !== FOLDER) files.set(`${folder}${name}`, { mode, id });
    else for (const [path, file] of readTree(repository, id, `${folder}${name}/`)) files.set(path, file);
  }
  return files;
}

export function writeTree(repository: string, files: Files, folder = ''): string {
  const entries = new Map<string, { mode: string; id: string }>();
  for (const [path, file] of files) {
    if (!path.startsWith(folder)) continue;
    const [name = '', ...rest] = path.slice(folder.length).split('/');
    if (rest.length === 0) entries.set(name, file);
    else if (!entries.has(name))
      entries.set(name, { mode: FOLDER, id: writeTree(repository, files, `${folder}${name}/`) });
  }
  // git sorts a folder as if its name ended with a slash.
  const keyOf = ([name, { mode }]: [string, { mode: string }]) => (mode === FOLDER ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const body = sorted.flatMap(([name, { mode, id }]) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, 'hex'),
  ]);
  return writeObject(repository, 'tree', Buffer.concat(body));
}

export function writeCommit(
  repository: string,
  commit: { tree: string; parent: string; at: number; message: string },
): string {
  const { tree, parent, at, message } = commit;
  const who = `CI Pool Resource <ci-pool@localhost> ${at} +0000`;
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${message}\n`;
  return writeObject(repository, 'commit', Buffer.from(text));
}

export function readBranch(repository: string, branch: string): string {
  return readFileSync(fileOf(repository, branch), 'latin1').trim();
}

/**
 * Moves a branch from one commit to another, the way the end of a push does: under git's own lock file. False where
 * somebody else holds the lock, or was faster.
 */
export function moveBranch(repository: string, branch: string, move: { from: string; to: string }): boolean {
  const lock = `${fileOf(repository, branch)}.lock`;
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, `${move.to}\n`);
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const isThere = readBranch(repository, branch) === move.from;
  if (isThere) renameSync(lock, fileOf(repository, branch));
  else rmSync(lock);
  return isThere;
}

function fileOf(repository: string, branch: string): string {
  return join(repository, 'refs/heads', branch);
}

function readObject(repository: string, id: string): Buffer {
  const data = inflateSync(readFileSync(join(repository, 'objects', id.slice(0, 2), id.slice(2))));
  return data.subarray(data.indexOf(0) + 1);
}

function writeObject(repository: string, type: string, body: Buffer): string {
  const data = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
  const id = createHash('sha1').update(data).digest('hex');
  const folder = join(repository, 'objects', id.slice(0, 2));
  const file = join(folder, id.slice(2));
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, deflateSync(data));
  }
  return id;
}
