import { isDeepStrictEqual } from 'node:util';
import type { InstanceVars, Pipeline } from '../types.ts';

/** null: no vars were asked for, so the plain pipeline is meant. Throws where they are not JSON. */
export function readInstanceVars(query: URLSearchParams): InstanceVars | null {
  const root: Record<string, unknown> = {};
  // Sorted, so that `vars={...}` comes before the keys that patch it.
  for (const key of [...new Set(query.keys())].toSorted()) {
    if (key !== 'vars' && !key.startsWith('vars.')) continue;
    setAt(root, splitReference(key), JSON.parse(query.get(key) ?? ''));
  }
  const vars = root.vars;
  return isRecord(vars) ? vars : null;
}

export function isInstance(pipeline: Pipeline, vars: InstanceVars | null): boolean {
  return isDeepStrictEqual(pipeline.instanceVars, vars);
}

/** As the ATC writes them into its own links. */
export function writeInstanceVars(vars: InstanceVars | null): string {
  if (vars === null) return '';
  const pairs = Object.entries(vars).map(([key, value]) => {
    const name = /[.:/ ]/.test(key) ? `"${key}"` : key;
    return `${encodeURIComponent(`vars.${name}`)}=${encodeURIComponent(JSON.stringify(value))}`;
  });
  return `?${pairs.join('&')}`;
}

/** `vars.a."b.c"` → vars, a, b.c */
function splitReference(reference: string): string[] {
  const parts = reference.match(/"[^"]*"|[^."]+/g) ?? [];
  return parts.map((part) => part.replaceAll('"', ''));
}

function setAt(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    root[key] = value;
    return;
  }
  const inner = root[key];
  const next = isRecord(inner) ? inner : {};
  root[key] = next;
  setAt(next, rest, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
