import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { withKeyTables } from '../../scripts/key-tables.ts';
import { REASONS } from '../../src/core/verdict/reasons.ts';
import { metricsPushes } from '../../src/metrics/metrics.ts';
import { noParams, outParams } from '../../src/request/params-schema.ts';
import { parseRequest } from '../../src/request/request.ts';
import { sourceSchema, undecidablePools } from '../../src/request/source-schema.ts';
import { misfits, parsePipeline, parseSteps, type Step, stepsOf } from '../examples/pipeline-schema.ts';
import { NOW, poolOf, reportOf } from '../report/make-reports.ts';
import { runProgram } from '../steps/run-program.ts';
import { startWorld } from '../steps/start-world.ts';
import { blocksOf, rowsOf, sectionOf } from './markdown.ts';
import { isRunHere, runAsWritten } from './run-as-written.ts';

const README = readFileSync('README.md', 'utf8');
const blocks = blocksOf(README);
const inLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ text, line }) => [line, text] as const);

test('Every block says what it is', () => {
  expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['json', 'sh', 'text', 'yaml']);
});

describe('What the tables say', () => {
  test('of keys is what the schemas say (node scripts/key-tables.ts)', () => {
    expect(README).toBe(withKeyTables(README));
  });

  test('of verdicts is what the core says, in its order', () => {
    const rows = rowsOf(sectionOf(README, 'Verdicts')).map(([reason = '', verdict = '']) => [
      reason.replaceAll('`', ''),
      verdict.replaceAll('*', ''),
    ]);
    expect(rows).toEqual(Object.entries(REASONS));
  });

  test('of metrics is what is pushed', () => {
    const [push] = metricsPushes({
      repository: { uri: 'r', branch: 'main' },
      run: { succeeded: true, finishedAt: NOW, durationSeconds: 1, failures: { atc: 0, git: 0 } },
      report: reportOf([poolOf('aws', [])]),
      namedPools: ['aws'],
    });
    const pushed = [...(push?.body ?? '').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const told = rowsOf(sectionOf(README, 'Metrics and alerts')).map(([name = '']) =>
      name.replaceAll('`', ''),
    );
    expect(told.sort()).toEqual(pushed.sort());
  });

  test('of examples names all pipelines', () => {
    const files = readdirSync('examples').filter((name) => /\.yml$/.test(name) && !name.startsWith('alerts'));
    const told = rowsOf(sectionOf(README, 'Examples')).map(([cell = '']) => /\[(.+)\]/.exec(cell)?.[1] ?? '');
    expect(told.sort()).toEqual(files.sort());
  });
});

describe('Troubleshooting', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join('src', name), 'utf8'));
  const sentences = rowsOf(sectionOf(README, 'Troubleshooting')).map(([cell = '']) =>
    cell.replace(/^`|`$/g, ''),
  );

  test('has sentences', () => {
    expect(sentences.length).toBeGreaterThan(20);
  });

  test.each(sentences)('knows a sentence of the programs: %s', (sentence) => {
    // Each piece is in one and the same file; what follows a semicolon may be chosen elsewhere in it.
    const pieces = sentence
      .split(/…|; /)
      .map((piece) => piece.trim())
      .filter((piece) => piece.length > 2);
    expect(pieces.join('').length).toBeGreaterThan(20);
    const tellers = sources.filter((source) => pieces.every((piece) => source.includes(piece)));
    expect(tellers.length).toBeGreaterThan(0);
  });
});

/** What `fly`, a credential manager or the environment would fill in. */
const filled = (text: string) => text.replaceAll(/\(\((\S+?)\)\)|\$\{(\w+)\}/g, 'secret');

const teamFile = z.strictObject({
  roles: z.array(
    z.strictObject({
      name: z.enum(['owner', 'member', 'pipeline-operator', 'viewer']),
      local: z.strictObject({ users: z.array(z.string()).min(1) }).optional(),
      github: z
        .strictObject({ users: z.array(z.string()).optional(), teams: z.array(z.string()).optional() })
        .optional(),
    }),
  ),
});

function checkSource(source: unknown): void {
  expect(undecidablePools(sourceSchema.parse(source))).toEqual([]);
}

function checkPuts(steps: readonly Step[]): void {
  const puts = steps.filter(({ put }) => put === 'pool-boy');
  expect(puts.length).toBeGreaterThan(0);
  for (const { params } of puts) expect(outParams.parse(params)).toBeDefined();
}

test.each(inLanguage('yaml'))('The YAML in line %i is what it should be', (_line, text) => {
  const value: unknown = parse(filled(text), { merge: true });
  if (Array.isArray(value)) {
    checkPuts(parseSteps(value));
  } else if (typeof value === 'object' && value !== null && 'roles' in value) {
    expect(teamFile.parse(value).roles).toContainEqual({ name: 'viewer', local: { users: ['pool-boy'] } });
  } else if (typeof value === 'object' && value !== null && 'jobs' in value) {
    const pipeline = parsePipeline(value);
    expect(misfits(pipeline)).toEqual([]);
    for (const { type, source } of pipeline.resources) if (type === 'pool-boy') checkSource(source);
    checkPuts(pipeline.jobs.flatMap(stepsOf));
  } else {
    checkSource(value);
  }
});

test.each(inLanguage('json'))('The JSON in line %i is a version that the programs take', (_line, text) => {
  const source = { uri: '/locks.git', stale_after: '1h' };
  const version: unknown = JSON.parse(text);
  expect(parseRequest({ source, params: {}, version }, noParams).version).toEqual(version);
});

test.each(inLanguage('text'))('The commit in line %i is one as the programs make it', async (_line, text) => {
  const world = await startWorld();
  try {
    world.claimByBuild('env-1', { name: '2', status: 'failed', claimed: 50, ended: 30 });
    const url = 'https://ci.example.com/teams/main/pipelines/pool-boy/jobs/give-back-locks/builds/77';
    const options = { args: [world.folder], env: { BUILD_URL: url } };
    const ran = await runProgram('out', { source: world.source() }, options);
    expect(ran.status).toBe(0);
    const shape = (message: string) =>
      message
        .replaceAll(/\(.*? UTC\)/g, '(TIME UTC)')
        .replaceAll(/\b[0-9a-f]{40}\b/g, 'COMMIT')
        .replaceAll(/^Run: \S+/gm, 'Run: UUID')
        .replaceAll(/^Held-For: 30\d\d$/gm, 'Held-For: 3000')
        .trim();
    expect(shape(text)).toBe(shape(world.repository.git('log', '-1', '--format=%B', 'main')));
  } finally {
    await world.atc.close();
  }
});

const commands = inLanguage('sh').flatMap(([line, text]) =>
  text
    .trim()
    .split('\n')
    .map((command) => [line, command] as const),
);

describe('Commands', () => {
  test.each(commands.filter(([, command]) => isRunHere(command)))(
    'of line %i: %s',
    async (_line, command) => {
      expect(await runAsWritten(command)).toMatchObject({ status: 0 });
    },
  );

  // No fly, no Docker, no npm and no second make in a test: these are only read by a shell, and must be of a known kind.
  test.each(commands.filter(([, command]) => !isRunHere(command)))(
    'of line %i, as a shell reads it: %s',
    (_line, command) => {
      execFileSync('bash', ['-n', '-c', command]);
      const [program = '', target = ''] = command.split(/\s+/);
      expect([
        'npm',
        'read',
        'fly',
        'docker',
        'make',
        'CONCOURSE_ADD_LOCAL_USER=pool-boy:PASSWORD',
      ]).toContain(program);
      if (program === 'make')
        expect(readFileSync('Makefile', 'utf8')).toMatch(new RegExp(`^${target}:`, 'm'));
    },
  );
});
