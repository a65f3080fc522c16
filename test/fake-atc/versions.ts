import type { BuildVersion, Ci, Resource, SavedVersion, Version } from './types.ts';

export function saveVersion(ci: Ci, resource: Resource, version: Version): SavedVersion {
  const key = JSON.stringify([resource.scope, ...Object.entries(version).toSorted()]);
  const known = resource.known.get(key);
  if (known !== undefined) return known;
  const saved = { id: ci.nextId(), version, scope: resource.scope, enabled: true };
  resource.versions.push(saved);
  resource.known.set(key, saved);
  return saved;
}

/** Oldest first. */
export function visibleVersions(resource: Resource): readonly SavedVersion[] {
  return resource.versions.filter((saved) => saved.scope === resource.scope);
}

export function isVisible({ resource, saved }: BuildVersion): boolean {
  return saved.scope === resource.scope;
}

/** Whether the version has all these fields: it may have more. */
export function includesFields(version: Version, fields: Version): boolean {
  return Object.entries(fields).every(([key, value]) => version[key] === value);
}
