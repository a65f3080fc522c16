// The lock repository of a world: a real bare one, whose objects are written straight into it, once git is to read it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

export type Commit = {
  id: string;
  /** Unix seconds. */
  at: number;
  message: string;
  author: string;
  /** The pools whose files it changed. */
  pools: readonly string[];
};

export type LockRepository = {
  folder: string;
  /** Oldest first. */
  commits: Commit[];
  free(pool: string): string[];
  /** Moves a lock between the two folders of its pool. */
  move(pool: string, lock: string, to: 'claimed' | 'unclaimed', commit: NewCommit): string;
  /** A commit that changes no file. */
  empty(commit: NewCommit): string;
  /** Takes over what somebody else pushed: these locks are free now. */
  adopt(head: string, released: readonly { pool: string; lock: string; commit: string }[], at: number): void;
  /** Writes what git has to see by now. */
  publish(): void;
};

export type NewCommit = { at: number; message: string; author?: string };

const RESOURCE = 'CI Pool Resource <ci-pool@localhost>';

/** `locks`: by pool, all of them free. */
export function createLockRepository(
  folder: string,
  locks: Readonly<Record<string, readonly string[]>>,
  at: number,
): LockRepository {
  const objects = createObjects(folder);
  const place = new Map<string, 'claimed' | 'unclaimed'>();
  for (const [pool, names] of Object.entries(locks)) {
    for (const name of names) place.set(`${pool}/${name}`, 'unclaimed');
  }
  const commits: Commit[] = [];

  const record = (pools: readonly string[], { at: time, message, author = RESOURCE }: NewCommit): string => {
    const parent = commits.at(-1)?.id;
    const tree = writeTree(objects, Object.keys(locks), place);
    const who = (name: string) => `${name} ${time} +0000`;
    const parents = parent === undefined ? '' : `parent ${parent}\n`;
    const head = `tree ${tree}\n${parents}author ${who(author)}\ncommitter ${who(author)}\n`;
    const id = objects.write('commit', Buffer.from(`${head}\n${message}\n`));
    commits.push({ id, at: time, message, author, pools });
    return id;
  };
  record(Object.keys(locks), { at, message: 'initial' });
  return {
    folder,
    commits,
    free: (pool) => (locks[pool] ?? []).filter((name) => place.get(`${pool}/${name}`) === 'unclaimed'),
    move: (pool, lock, to, commit) => {
      place.set(`${pool}/${lock}`, to);
      return record([pool], commit);
    },
    empty: (commit) => record([], commit),
    adopt: (head, released, time) => {
      for (const { pool, lock, commit } of released) {
        place.set(`${pool}/${lock}`, 'unclaimed');
        commits.push({ id: commit, at: time, message: `unclaiming: ${lock}`, author: '', pools: [pool] });
      }
      if (commits.at(-1)?.id !== head) throw new Error('what was pushed is not what was released');
    },
    publish: () => {
      objects.publish();
      pointTo(folder, commits.at(-1)?.id ?? '');
    },
  };
}

function layOut(folder: string): void {
  mkdirSync(join(folder, 'objects', 'info'), { recursive: true });
  mkdirSync(join(folder, 'objects', 'pack'), { recursive: true });
  mkdirSync(join(folder, 'refs', 'heads'), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
}

function pointTo(folder: string, id: string): void {
  writeFileSync(join(folder, 'refs', 'heads', 'main'), `${id}\n`);
}

export function headOf(folder: string): string {
  return readFileSync(join(folder, 'refs', 'heads', 'main'), 'utf8').trim();
}

function writeTree(
  objects: Objects,
  pools: readonly string[],
  place: ReadonlyMap<string, 'claimed' | 'unclaimed'>,
): string {
  const blob = objects.write('blob', Buffer.from(''));
  const trees = pools.map((pool): Entry => {
    const halves = (['claimed', 'unclaimed'] as const).map((half): Entry => {
      const locks = [...place].filter(([path, at]) => at === half && path.startsWith(`${pool}/`));
      const names = ['.gitkeep', ...locks.map(([path]) => path.slice(pool.length + 1))];
      const files = names.map((name): Entry => ({ mode: '100644', name, id: blob }));
      return { mode: '40000', name: half, id: treeOf(objects, files) };
    });
    return { mode: '40000', name: pool, id: treeOf(objects, halves) };
  });
  return treeOf(objects, trees);
}

type Entry = { mode: string; name: string; id: string };

/** In the order of git, which holds for these names. */
function treeOf(objects: Objects, entries: readonly Entry[]): string {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const body = sorted.flatMap(({ mode, name, id }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, 'hex'),
  ]);
  return objects.write('tree', Buffer.concat(body));
}

type Objects = { write(type: string, body: Buffer): string; publish(): void };

function createObjects(folder: string): Objects {
  const unpublished = new Map<string, Buffer>();
  return {
    write: (type, body) => {
      const data = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
      const id = createHash('sha1').update(data).digest('hex');
      unpublished.set(id, data);
      return id;
    },
    publish: () => {
      if (!existsSync(folder)) layOut(folder);
      for (const [id, data] of unpublished) writeObject(folder, id, data);
      unpublished.clear();
    },
  };
}

function writeObject(folder: string, id: string, data: Buffer): void {
  const path = join(folder, 'objects', id.slice(0, 2));
  const file = join(path, id.slice(2));
  if (existsSync(file)) return;
  mkdirSync(path, { recursive: true });
  writeFileSync(file, deflateSync(data));
}
