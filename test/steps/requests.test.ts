import { describe, expect, test } from '@jest/globals';
import { makeRepository } from '../git/make-repository.ts';
import { runProgram } from './run-program.ts';

const NO_COMMIT = '0'.repeat(40);
const uri = 'file:///nowhere/at/all.git';

/** Every one ends with status 1 and an empty stdout, and says just this on stderr. */
const REFUSED: readonly [string, unknown, readonly (string | RegExp)[]][] = [
  ['nothing on stdin', '', ['stdin is empty; expected the JSON request that Concourse sends.']],
  ['no JSON', '{"source": ', ['stdin is not JSON; expected the JSON request that Concourse sends.']],
  ['a list', '[]', ['stdin is not a JSON object; expected the JSON request that Concourse sends.']],
  ['no source', {}, ["The request on stdin has no source; expected the resource's source as an object."]],
  [
    'no uri',
    { source: { stale_after: 60 } },
    ['source.uri is missing; expected the URL of the lock repository.'],
  ],
  [
    'a typo',
    { source: { uri, stale_afer: 60, stale_after: 1 } },
    ['source.stale_afer is not a known key; did you mean stale_after?'],
  ],
  [
    'several problems at once',
    { source: { uri: '-o', brnch: 'x', branch: 'a..b', stale_after: '5x', pools: [{ name: 'a', grce: 1 }] } },
    [
      /^source\.uri: .*"-"/,
      /^source\.branch: .*"\.\."/,
      'source.pools[0].grce is not a known key; did you mean grace?',
      /^source\.stale_after: expected .*, got "5x"/,
      'source.brnch is not a known key; did you mean branch?',
    ],
  ],
  [
    'a URL that runs a program',
    { source: { uri: 'ext::sh -c id', stale_after: 1 } },
    [/^source\.uri: names a transport helper/],
  ],
  ['a repository that is not there', { source: { uri, stale_after: 1 } }, [/nowhere\/at\/all\.git/]],
];

describe('a request that cannot be served', () => {
  test.each(REFUSED)('%s', async (_name, request, sentences) => {
    const ran = await runProgram('check', request);
    const lines = ran.stderr.trimEnd().split('\n');
    expect({ ...ran, stderr: '' }).toEqual({ status: 1, stdout: '', stderr: '', answer: undefined });
    const said = lines.map((line) => line.replace(/^error: /, ''));
    expect(said).toHaveLength(sentences.length);
    for (const sentence of sentences) {
      expect(said).toContainEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
    }
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });

  test('no named pool that is there: those that are there are named', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'env-1');
    repository.addUnclaimed('cf/experimental', 'env-1');
    const ran = await runProgram('check', {
      source: { uri: repository.uri, pools: ['awz'], stale_after: 60 },
    });
    expect(ran).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/no pool awz.*aws, cf\/experimental/s),
    });
  });

  test('a branch that is not there is named', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'env-1');
    const ran = await runProgram('check', {
      source: { uri: repository.uri, branch: 'metadata', stale_after: 60 },
    });
    expect(ran).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/metadata/) });
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('in without a version, and without a directory', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'env-1');
    const source = { uri: repository.uri, stale_after: 60 };
    const [noVersion, noDirectory] = await Promise.all([
      runProgram('in', { source }, { args: ['/tmp'] }),
      runProgram('in', { source, version: { ref: NO_COMMIT } }),
    ]);
    expect(noVersion).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/no version/) });
    expect(noDirectory).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/[Dd]irectory/),
    });
  });
});
