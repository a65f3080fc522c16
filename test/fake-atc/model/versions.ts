import type { Ci, Resource, SavedVersion, Version } from '../types.ts';

export function saveVersion(ci: Ci, resource: Resource, version: Version): SavedVersion {
  const known = findVersion(resource, version);
  if (known !== undefined) return known;
  const saved = { id: ci.nextId(), version, scope: resource.scope, enabled: true, metadata: [] };
  resource.versions.push(saved);
  resource.known.set(keyOf(resource, version), saved);
  return saved;
}

/** The version with exactly these fields, among those of the source of now. */
export function findVersion(resource: Resource, version: Version): SavedVersion | undefined {
  return resource.known.get(keyOf(resource, version));
}

/** Oldest first. */
export function visibleVersions(resource: Resource): readonly SavedVersion[] {
  return resource.versions.filter((saved) => saved.scope === resource.scope);
}

/**
 * What a build took or made, as the source of now knows it: after a rotation of credentials it is out of sight until
 * a check with the new ones finds the same version again.
 */
export function knownVersion(entry: { resource: Resource; saved: SavedVersion }): SavedVersion | undefined {
  const { resource, saved } = entry;
  return saved.scope === resource.scope ? saved : findVersion(resource, saved.version);
}

/** Whether the version has all these fields: it may have more. */
export function includesFields(version: Version, fields: Version): boolean {
  return Object.entries(fields).every(([key, value]) => version[key] === value);
}

function keyOf(resource: Resource, version: Version): string {
  return JSON.stringify([resource.scope, ...Object.entries(version).toSorted()]);
}
