import type { InstanceVars } from '../claim-owner.ts';

/**
 * The instance vars that a build URL's query spells out (`vars.branch="main"&vars.a.b=1`, odd keys quoted:
 * `vars."a.b"=1`), or null where there are none or they do not parse.
 */
export function instanceVarsOfQuery(query: string): InstanceVars | null {
  const found: Record<string, unknown> = Object.create(null);
  for (const [key, json] of new URLSearchParams(query)) {
    if (key !== 'vars' && !key.startsWith('vars.')) continue;
    const value = parseJson(json);
    if (value === undefined) return null;
    if (key === 'vars') {
      if (!isObject(value)) return null;
      Object.assign(found, value);
    } else if (!setAt(found, pathOf(key.slice('vars.'.length)), value)) {
      return null;
    }
  }
  return Object.keys(found).length === 0 ? null : { ...found };
}

/** The query that asks the ATC for one instance of a pipeline. The JSON goes in as it was: numbers can be too long for us. */
export function queryOfInstanceVars(json: string): string {
  return `vars=${encodeURIComponent(json)}`;
}

/** Whether two JSON values are equal, in whatever order their keys come. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSameValue(item, b[index]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameValue(a[key], b[key]))
  );
}

/** A JSON object, or null for anything else. */
export function parseVarsObject(json: string): InstanceVars | null {
  const value = parseJson(json);
  return isObject(value) ? value : null;
}

function pathOf(key: string): string[] {
  return [...key.matchAll(/"((?:[^"\\]|\\.)*)"|([^."]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return false;
  if (rest.length === 0) {
    target[first] = value;
    return true;
  }
  const below = Object.hasOwn(target, first) ? target[first] : {};
  if (!isObject(below)) return false;
  const copy: Record<string, unknown> = Object.assign(Object.create(null), below);
  target[first] = copy;
  return setAt(copy, rest, value);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
