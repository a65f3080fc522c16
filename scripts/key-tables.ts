// Writes the README's tables of keys from the schemas that read them: `node scripts/key-tables.ts`. A test compares.

import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { shortDuration } from '../src/core/duration.ts';
import { DEFAULT_POLICY } from '../src/core/policy.ts';
import { concourseKeys } from '../src/request/concourse-schema.ts';
import { outKeys } from '../src/request/params-schema.ts';
import { policyShape } from '../src/request/policy-schema.ts';
import { KEY_TABLE } from '../src/request/schema-parts.ts';
import { sourceShape } from '../src/request/source-schema.ts';

type Shape = Readonly<Record<string, z.ZodMiniType>>;

/** Each stands between `<!-- keys: NAME -->` and `<!-- /keys -->`. */
const TABLES: Readonly<Record<string, Shape>> = {
  source: sourceShape,
  'source.concourse': concourseKeys.shape,
  params: outKeys.shape,
};

/** The README with its tables of keys as the schemas have them. */
export function withKeyTables(readme: string): string {
  return Object.entries(TABLES).reduce((text, [name, shape]) => {
    const [start, end] = [`<!-- keys: ${name} -->\n`, '<!-- /keys -->'];
    const from = text.indexOf(start) + start.length;
    const to = text.indexOf(end, from);
    if (from < start.length || to === -1) throw new Error(`README.md has no place for the keys of ${name}`);
    return `${text.slice(0, from)}\n${keyTable(shape)}\n${text.slice(to)}`;
  }, readme);
}

function keyTable(shape: Shape): string {
  const rows = Object.entries(shape).map(([key, schema]) => {
    const about = KEY_TABLE.get(schema);
    if (about === undefined) throw new Error(`${key} is not described: .register its schema in KEY_TABLE`);
    const { type = typeOf(schema), description } = about;
    const preset = defaultOf(key, about.default);
    const required = schema.safeParse(undefined).success ? '' : '_Required._ ';
    return `| \`${key}\` | ${type} | ${preset} | ${required}${description} |`;
  });
  return ['| key | type | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** In a table `|` ends a cell, so the values of a choice stand apart by commas. */
function typeOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniNullable)
    return typeOf(schema.def.innerType);
  if (schema instanceof z.ZodMiniBoolean) return 'true or false';
  if (schema instanceof z.ZodMiniEnum) return schema.options.map((value) => `\`${value}\``).join(', ');
  return 'string';
}

function defaultOf(key: string, said: string | undefined): string {
  if (said !== undefined) return /^[\w-]+$/.test(said) ? `\`${said}\`` : said;
  if (!(key in policyShape)) return '';
  const name = key.replace(/_./g, (match) => match.slice(1).toUpperCase());
  const value: unknown = Object.entries(DEFAULT_POLICY).find(([one]) => one === name)?.[1];
  if (typeof value === 'number') return `\`${shortDuration(value)}\``;
  return typeof value === 'string' ? `\`${value}\`` : 'none';
}

if (import.meta.main) {
  const path = 'README.md';
  writeFileSync(path, withKeyTables(readFileSync(path, 'utf8')));
}
