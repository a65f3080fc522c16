// Trees and commits written straight into a repository, as `git mktree` and `git commit-tree` would, but without a
// process for each: a storm needs thousands.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

/** Path → mode and id, as `git ls-tree -r` lists them. */
export type Files = Map<string, { readonly mode: string; readonly id: string }>;

export function readFiles(lsTree: string): Files {
  const entries = [...lsTree.matchAll(/(\d+) blob ([0-9a-f]{40})\t([^\0]+)\0/g)];
  return new Map(entries.map(([, mode = '', id = '', path = '']) => [path, { mode, id }]));
}

export function writeTree(repository: string, files: Files, folder = ''): string {
  const entries = new Map<string, { mode: string; id: string }>();
  for (const [path, file] of files) {
    if (!path.startsWith(folder)) continue;
    const [name = '', ...rest] = path.slice(folder.length).split('/');
    if (rest.length === 0) entries.set(name, file);
    else if (!entries.has(name))
      entries.set(name, { mode: '40000', id: writeTree(repository, files, `${folder}${name}/`) });
  }
  // git sorts a folder as if its name ended with a slash.
  const keyOf = ([name, { mode }]: [string, { mode: string }]) => (mode === '40000' ? `${name}/` : name);
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
