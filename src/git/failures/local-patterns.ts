import { type MessagePattern, ownLine } from './message-pattern.ts';

const FULL = 'No space left on device|Disk quota exceeded|Out of disk ?space';

/** What goes wrong on this machine; a server's own disk is told apart by `remote: `. */
export const LOCAL_PATTERNS: readonly MessagePattern[] = [
  {
    pattern: new RegExp(`^remote: .*(?:${FULL})`, 'im'),
    kind: 'server-trouble',
    sentence: ({ uri }) => `The disk of the server of ${uri} is full; its operator must free some space.`,
  },
  {
    pattern: new RegExp(FULL, 'i'),
    kind: 'disk-full',
    sentence: () =>
      'The disk is full: git could not write its clone of the repository; free some space, or set TMPDIR to a folder with more.',
  },
  {
    // git often leaves out why: "couldn't write", "could not write ... promisor file".
    pattern:
      /^(?:fatal|error): (?:.*: )?(?:could not|couldn't|cannot|unable to|failed to) (?:write|create (?:temporary|directory|file)|fsync|flush)\b.*$/im,
    kind: 'disk-full',
    sentence: (_context, [line]) =>
      `git could not write its clone of the repository (${ownLine(line)}); free some space, or set TMPDIR to a folder with more.`,
  },
  {
    pattern: /cannot run ssh|ssh: (?:command )?not found/,
    kind: 'no-openssh',
    sentence: () => `The program ssh could not be started; install OpenSSH's client.`,
  },
];
