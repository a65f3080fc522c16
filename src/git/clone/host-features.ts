/**
 * What a git host offers beside the plain protocol, as far as its answers have shown. It is found out from refusals,
 * not from what a host advertises: some advertise what they break at.
 */
export interface HostFeatures {
  /** Commits without the contents of files (`--filter`). */
  readonly filter: 'untried' | 'works' | 'missing';
  /** A part of the history (`--depth`). Without it the whole branch is fetched. */
  readonly shallow: boolean;
}

/** What is assumed of a host that was never asked. */
export const ALL_FEATURES: HostFeatures = { filter: 'untried', shallow: true };

/** Of which kind a repository's commit ids are: 40 digits of SHA-1, or 64 of SHA-256. */
export type ObjectFormat = 'sha1' | 'sha256';

export function objectFormatOf(commit: string): ObjectFormat {
  return commit.length === 64 ? 'sha256' : 'sha1';
}

/** Why a host cannot answer a fetch as it was asked, in git's own words, which are about what the host advertised. */
export type Refusal = 'no-shallow' | 'dumb-http' | 'other-object-format';

const REFUSALS: readonly (readonly [Refusal, RegExp])[] = [
  ['dumb-http', /dumb http transport does not support/],
  // The last two: the host takes the request and answers as if nothing had been asked.
  ['no-shallow', /Server does not support shallow|expected shallow\/unshallow|expected shallow list/],
  ['other-object-format', /mismatched algorithms|does not support this repository's object format/],
];

export function refusalIn(stderr: string): Refusal | null {
  return REFUSALS.find(([, pattern]) => pattern.test(stderr))?.[0] ?? null;
}
