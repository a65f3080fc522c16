import { readFileSync } from 'node:fs';
import { fc, test as propertyTest } from '@fast-check/jest';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Owner } from '../../src/core/claim-owner.ts';
import type { Hold } from '../../src/core/hold.ts';
import { REASONS } from '../../src/core/verdict/reasons.ts';
import { jsonReport } from '../../src/report/json.ts';
import { makeReport, type Report } from '../../src/report/model.ts';
import { anyText } from '../any-text.ts';
import {
  ANN,
  asked,
  build,
  ELSEWHERE,
  JOB,
  LOST,
  NO_CONCOURSE,
  NOT_KNOWN,
  NOW,
  proven,
  taker,
} from '../core/verdict/cases.ts';
import { pool, released, survey, surveyed } from './surveys.ts';

const SCHEMA = JSON.parse(readFileSync('docs/report.schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(SCHEMA);

const HOLD: Hold = {
  commit: 'a'.repeat(40),
  by: 'Ann',
  reason: 'a bug',
  end: { kind: 'at', at: NOW + 3_600 },
  committedAt: NOW - 60,
};

/** What the schema says against a report. */
function faultsOf(value: unknown): unknown {
  validate(value);
  return validate.errors ?? [];
}

function parsed(report: Report): unknown {
  return JSON.parse(jsonReport(report));
}

const text = anyText({ maxLength: 8 });
const time = fc.integer({ min: 0, max: NOW * 2 });
const status = fc.constantFrom('pending' as const, 'started' as const, 'failed' as const);
const someBuild = fc
  .record({ status, startedAt: fc.option(time), endedAt: fc.option(time), pipeline: fc.option(text) })
  .map(build);
const evidence = fc.oneof(
  fc.constant(NO_CONCOURSE),
  fc.constantFrom(asked(NOT_KNOWN), asked(ELSEWHERE, { takers: [taker()] })),
  someBuild.map((one) => asked(proven(one))),
);
const owner: fc.Arbitrary<Owner> = fc.oneof(
  fc.constantFrom<Owner>(ANN, LOST, JOB, { kind: 'one-off', build: '7', url: null }),
  fc.record({
    kind: fc.constant('job' as const),
    team: fc.option(text),
    pipeline: text,
    instanceVars: fc.option(fc.dictionary(text, fc.jsonValue())),
    varsQuery: fc.constant(null),
    job: text,
    build: fc.constant('1'),
    url: fc.option(text),
  }),
);
const reasons = Object.keys(REASONS) as (keyof typeof REASONS)[];
const lock = fc
  .record({
    reason: fc.constantFrom(...reasons),
    detail: text,
    owner,
    evidence,
    heldFor: fc.option(fc.double({ min: -1e6, max: 1e9, noNaN: true })),
    isCurrent: fc.boolean(),
    claim: fc.record({ message: text, author: text, committedAt: time, parentCommittedAt: fc.option(time) }),
  })
  .chain((given) => text.map((name) => surveyed(name, given)));
const report = fc
  .record({
    pools: fc.array(
      fc
        .tuple(text, fc.array(lock, { maxLength: 3 }), fc.array(text, { maxLength: 3 }))
        .map((args) => pool(...args)),
      { maxLength: 3 },
    ),
    released: fc.array(
      text.map((name) => released(name)),
      { maxLength: 2 },
    ),
    warnings: fc.array(text, { maxLength: 2 }),
    concourse: fc.array(fc.record({ url: text, version: fc.option(text) }), { maxLength: 2 }),
    now: fc.double({ min: 0, max: NOW * 2, noNaN: true }),
  })
  .map((rest) => makeReport(survey(rest)));

propertyTest.prop([report], { numRuns: 500 })('every report fits the documented schema', (one) => {
  expect(faultsOf(parsed(one))).toEqual([]);
});

const EXAMPLE = parsed(
  makeReport(
    survey({
      pools: [
        pool('aws', [surveyed('a1', { evidence: asked(proven(build())), claim: { hold: HOLD } })], ['a2']),
      ],
      released: [released('a3')],
      concourse: [{ url: 'x', version: null }],
    }),
  ),
);

/** The paths of all objects in a value. */
function objectsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, inner]) => objectsIn(inner, [...path, key]));
  return Array.isArray(value) ? below : [path, ...below];
}

function at(value: unknown, path: readonly string[]): Record<string, unknown> {
  let inner = value;
  for (const key of path) inner = (inner as Record<string, unknown>)[key];
  return inner as Record<string, unknown>;
}

test.each(objectsIn(EXAMPLE).map((path) => [path.join('.'), path]))(
  'the schema is exact at %j',
  (_name, path) => {
    expect(faultsOf(EXAMPLE)).toEqual([]);
    for (const key of Object.keys(at(EXAMPLE, path as string[]))) {
      const missing = structuredClone(EXAMPLE);
      delete at(missing, path as string[])[key];
      expect(faultsOf(missing)).not.toEqual([]);
    }
    const more = structuredClone(EXAMPLE);
    at(more, path as string[]).more = null;
    expect(faultsOf(more)).not.toEqual([]);
  },
);

test('report.json keeps to the documented keys: whom a lock was handed on to is in holders', () => {
  const evidence = asked(proven(build()), { takers: [taker()] });
  const report = makeReport(survey({ pools: [pool('aws', [surveyed('a1', { evidence })])] }));
  expect(report.pools[0]?.locks[0]).toMatchObject({ handed_to: { name: 'main/deploy/use #9' } });
  expect(jsonReport(report)).not.toContain('handed_to');
});

test('the schema knows every reason, and describes every key', () => {
  expect(SCHEMA.$defs.claimed.properties.reason.enum).toEqual(Object.keys(REASONS));
  const silent = objectsIn(SCHEMA)
    .filter((path) => path.at(-2) === 'properties')
    .filter((path) => !('description' in at(SCHEMA, path)) && !('$ref' in at(SCHEMA, path)));
  expect(silent).toEqual([]);
});
