import { parseUri } from '../repository-uri.ts';

/** Which pool a resource names. Null for a part that the configuration leaves to a variable, or leaves out. */
export interface PoolIdentity {
  /** The repository as `canonicalRepository` writes it. */
  readonly repository: string | null;
  readonly branch: string | null;
  readonly pool: string | null;
}

/** Whether two resources are the same pool, as far as their sources tell. */
export function comparePools(one: PoolIdentity, other: PoolIdentity): 'same' | 'different' | 'unclear' {
  const parts = [
    [one.repository, other.repository],
    [one.branch, other.branch],
    [one.pool, other.pool],
  ] as const;
  if (parts.some(([a, b]) => a !== null && b !== null && a !== b)) return 'different';
  return parts.every(([a, b]) => a !== null && b !== null) ? 'same' : 'unclear';
}

/**
 * Host and path of a git URL, so that the SSH and the HTTPS URL of one repository are equal. Null for text with a
 * variable (`((org))`) in it.
 */
export function canonicalRepository(uri: string): string | null {
  if (uri.includes('((')) return null;
  const parsed = parseUri(uri);
  switch (parsed.kind) {
    case 'path':
      return parsed.path.replace(/\/+$/, '');
    case 'scp':
      return `${parsed.host.toLowerCase()}/${withoutEnd(uri.replace(/^(?:[^/:]*@)?(?:\[[^\]]*\]|[^/:]*):/, ''))}`;
    case 'url':
      return `${parsed.host.toLowerCase()}/${withoutEnd(parsed.rest)}`;
  }
}

/** Git hosts serve a repository with and without `.git`. */
function withoutEnd(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^\/+/, '');
}

/** A pool as people name it; the resource's name where the source leaves the pool's to a variable. */
export function poolTitle({ pool }: PoolIdentity, resource: string): string {
  return pool ?? resource;
}
