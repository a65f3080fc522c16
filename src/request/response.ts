import type { Version } from '../core/resource-version.ts';

export interface Metadatum {
  readonly name: string;
  readonly value: string;
}

/** What `in` and `out` answer on stdout. */
export interface Response {
  readonly version: Version;
  readonly metadata: readonly Metadatum[];
}
