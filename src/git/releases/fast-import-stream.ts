import type { Release, Step } from '../../core/release/release-plan.ts';
import { replaceControls } from '../../core/text.ts';
import { lockPath } from '../objects/lock-path.ts';
import { bytesOf } from '../objects/raw-bytes.ts';
import type { Identity } from './identity.ts';
import { claimMessage, holdMessage, keepMessage, type RunInfo, releaseMessage } from './release-message.ts';

export interface CommitsToMake {
  readonly steps: readonly Step[];
  /** The commit that they go on top of. */
  readonly base: string;
  /** The private ref that they are made on. */
  readonly ref: string;
  readonly identity: Identity;
  /** Unix seconds. */
  readonly now: number;
  readonly info: RunInfo;
}

/**
 * What `git fast-import` reads to make one commit a step. Locks are moved by name, so their content and mode stay as
 * they are, and neither a work tree nor a blob is needed. It prints the commits' ids, one a line.
 */
export function fastImportStream(commits: CommitsToMake): Buffer {
  const { steps } = commits;
  const parts = steps.flatMap((step, index) => commitFor(step, index, commits));
  const asks = steps.map((_, index) => line(`get-mark :${index + 1}`));
  return Buffer.concat([line('feature done'), line('feature get-mark'), ...parts, ...asks, line('done')]);
}

function commitFor(step: Step, index: number, { base, ref, identity, now, info }: CommitsToMake): Buffer[] {
  const who = `${clean(identity.name)} <${clean(identity.email)}> ${Math.floor(now)} +0000`;
  const message = bytesOf(messageFor(step, info));
  return [
    line(`commit ${ref}`),
    line(`mark :${index + 1}`),
    line(`author ${who}`),
    line(`committer ${who}`),
    line(`data ${message.length}`),
    message,
    line(''),
    line(index === 0 ? `from ${base}` : `from :${index}`),
    ...changeFor(step),
    line(''),
  ];
}

function messageFor(step: Step, info: RunInfo): string {
  switch (step.kind) {
    case 'release':
      return releaseMessage(step.release, info);
    case 'keep-folder':
      return keepMessage(step.pool, step.folder, info.run);
    case 'hold':
      return holdMessage(step.hold, info.run);
    case 'claim':
      return claimMessage(step.claim, info.run);
  }
}

function changeFor(step: Step): Buffer[] {
  switch (step.kind) {
    case 'release':
      return [line(`R ${from(step.release)} ${to(step.release)}`)];
    case 'keep-folder':
      return [
        line(`M 100644 inline ${quoted(`${step.pool}/${step.folder}/.gitkeep`)}`),
        line('data 0'),
        line(''),
      ];
    case 'hold':
      return [];
    case 'claim': {
      const { pool, lock: name } = step.claim;
      const [before, after] = [lockPath({ pool, name }, 'unclaimed'), lockPath({ pool, name })];
      return [line(`R ${quoted(before)} ${quoted(after)}`)];
    }
  }
}

function from({ pool, lock }: Release): string {
  return quoted(lockPath({ pool, name: lock }));
}

function to({ pool, to, lock }: Release): string {
  return quoted(lockPath({ pool: to ?? pool, name: lock }, 'unclaimed'));
}

/** A path in quotes, the way git reads it; every byte that is not plain ASCII as an octal escape. */
function quoted(path: string): string {
  const chars = [...bytesOf(path)].map((byte) =>
    byte < 0x20 || byte >= 0x7f || byte === 0x22 || byte === 0x5c
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `"${chars.join('')}"`;
}

/** What git takes out of names, too: they stand between brackets in a line of their own. */
function clean(text: string): string {
  return replaceControls(text.toWellFormed(), '').replace(/[<>]/g, '').trim();
}

function line(text: string): Buffer {
  return Buffer.from(`${text}\n`);
}
