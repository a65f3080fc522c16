import { expect, test } from '@jest/globals';
import type { Owner } from '../../../src/core/claim-owner.ts';
import { parseClaimMessage } from '../../../src/core/messages/claim-message.ts';

const PERSON: Owner = { kind: 'person' };
const UNKNOWN: Owner = { kind: 'unknown', url: null };

function job(
  team: string | null,
  pipeline: string,
  name: string,
  build: string,
  rest: Partial<Owner & { kind: 'job' }> = {},
): Owner {
  return {
    kind: 'job',
    team,
    pipeline,
    instanceVars: null,
    varsQuery: null,
    job: name,
    build,
    url: null,
    ...rest,
  };
}

function oneOff(build: string, url: string | null = null): Owner {
  return { kind: 'one-off', build, url };
}

/** The owner of a claim of lock `a1` with this message. */
function ownerIn(message: string, lock = 'a1'): Owner {
  return parseClaimMessage(message, lock).owner;
}

test.each<[string, string, Owner]>([
  ['before 2015-09', 'claiming: a1', UNKNOWN],
  ['from 2015-09', 'deploy/test #4 claiming: a1', job(null, 'deploy', 'test', '4')],
  ['from 2015-09, as code', 'deploy/test `#4` claiming: a1', job(null, 'deploy', 'test', '4')],
  ['a one-off build of then', 'one-off #12 claiming: a1', oneOff('12')],
  ['a one-off build of then, as code', 'one-off `#12` claiming: a1', oneOff('12')],
  ['from 2016-07', 'deploy/test build 4 claiming: a1', job(null, 'deploy', 'test', '4')],
  ['from 2018-12', 'main/deploy/test build 4 claiming: a1', job('main', 'deploy', 'test', '4')],
  ['a rerun', 'main/deploy/test build 4.2 claiming: a1', job('main', 'deploy', 'test', '4.2')],
  [
    'from 1.7.1, of an instance',
    'main/deploy/{"branch":"main","n":1}/test build 4 claiming: a1',
    job('main', 'deploy', 'test', '4', {
      instanceVars: { branch: 'main', n: 1 },
      varsQuery: 'vars=%7B%22branch%22%3A%22main%22%2C%22n%22%3A1%7D',
    }),
  ],
  [
    'an instance with slashes, blanks, quotes and a long number in its vars',
    'main/deploy/{"a":"x/{y}/z \\"q\\"","id":12345678901234567890}/test build 4 claiming: a1',
    job('main', 'deploy', 'test', '4', {
      instanceVars: { a: 'x/{y}/z "q"', id: 12345678901234567000 },
      varsQuery: `vars=${encodeURIComponent('{"a":"x/{y}/z \\"q\\"","id":12345678901234567890}')}`,
    }),
  ],
  [
    'a job with slashes in its name',
    'main/deploy/a/b build 4 claiming: a1',
    job('main', 'deploy', 'a/b', '4'),
  ],
  [
    'an instance, and a job with slashes and braces in its name',
    'main/deploy/{"a":1}/x}/y build 4 claiming: a1',
    job('main', 'deploy', 'x}/y', '4', { instanceVars: { a: 1 }, varsQuery: 'vars=%7B%22a%22%3A1%7D' }),
  ],
  ['from 1.7.1, of fly execute', 'one-off build 77 claiming: a1', oneOff('77')],
  ['without a build in the environment', 'claiming: a1', UNKNOWN],
  [
    'names with blanks and parentheses',
    'deploy-cf (webdav)/x y #15 claiming: a1',
    job(null, 'deploy-cf (webdav)', 'x y', '15'),
  ],
  [
    'a job that is called as a build',
    'main/ci/Acquire locks on AWS build 4 build 67 claiming: a1',
    job('main', 'ci', 'Acquire locks on AWS build 4', '67'),
  ],
  ['a job called one-off', 'main/ci/one-off build 3 claiming: a1', job('main', 'ci', 'one-off', '3')],
  [
    'names that are not ASCII',
    'équipe/déploy/тест build 4 claiming: a1',
    job('équipe', 'déploy', 'тест', '4'),
  ],
])('the form %s', (_name, message, owner) => {
  expect(parseClaimMessage(message, 'a1')).toEqual({ owner, bornClaimed: false });
});

const CI = 'https://ci.example.com';

test.each<[string, string, Owner]>([
  ['empty, before Concourse 8.0', '', UNKNOWN],
  ['of a job', `${CI}/teams/main/pipelines/deploy/jobs/test/builds/4`, job('main', 'deploy', 'test', '4')],
  [
    'with raw names',
    `${CI}/teams/a b/pipelines/c (d)%2F/jobs/é?/builds/4`,
    job('a b', 'c (d)%2F', 'é?', '4'),
  ],
  [
    'of an instance',
    `${CI}/teams/main/pipelines/deploy/jobs/test/builds/4?vars.branch=%22a%2Fb+c%22&vars.n=1`,
    job('main', 'deploy', 'test', '4', {
      instanceVars: { branch: 'a/b c', n: 1 },
      varsQuery: 'vars.branch=%22a%2Fb+c%22&vars.n=1',
    }),
  ],
  [
    'with a query that is no JSON',
    `${CI}/teams/main/pipelines/deploy/jobs/test/builds/4?vars.branch=main`,
    job('main', 'deploy', 'test', '4', { varsQuery: 'vars.branch=main' }),
  ],
  [
    'with another build in its query',
    `${CI}/teams/main/pipelines/deploy/jobs/test/builds/4?x=/teams/a/pipelines/b/jobs/c/builds/9`,
    job('main', 'deploy', 'test', '4', { varsQuery: 'x=/teams/a/pipelines/b/jobs/c/builds/9' }),
  ],
  ['of a one-off build', `${CI}/builds/77`, oneOff('77')],
  ['of a loopback address', 'http://127.0.0.1:8080/builds/77', oneOff('77')],
  ['under a path', 'https://example.com/my/ci/teams/t/pipelines/p/jobs/j/builds/4', job('t', 'p', 'j', '4')],
  ['of a one-off build under a path', 'https://example.com/my/ci/builds/4', oneOff('4')],
  ['of an alias', `${CI}/teams/main/pipelines/deploy/jobs/test/builds/latest`, UNKNOWN],
  // Its number is the name of a build, not an id: as an id it would name a build that ended long ago.
  [
    'of a job with a slash in its name',
    `${CI}/teams/main/pipelines/deploy/jobs/a/b/builds/7`,
    job('main', 'deploy', 'a/b', '7'),
  ],
  [
    'of a job that is called as the path of a build',
    `${CI}/teams/main/pipelines/deploy/jobs/a/builds/3/builds/7`,
    job('main', 'deploy', 'a/builds/3', '7'),
  ],
  ['of something else in a pipeline', `${CI}/teams/main/pipelines/deploy/builds/7`, UNKNOWN],
  ['that is no URL', 'see the wiki', UNKNOWN],
])('a Build URL %s', (_name, url, owner) => {
  const named = owner.kind === 'person' ? owner : { ...owner, url: url === '' ? null : url };
  expect(parseClaimMessage(`claiming: a1\nBuild URL: ${url}`, 'a1')).toEqual({
    owner: named,
    bornClaimed: false,
  });
  expect(parseClaimMessage(`adding claimed: a1\nBuild URL: ${url}\n`, 'a1')).toEqual({
    owner: named,
    bornClaimed: true,
  });
});

test.each<[string, string]>([
  ['a free text', 'manually claim a1 on jumpbox'],
  ['a text without a colon', 'Claimer claiming a1'],
  ['nothing at all', ''],
  ['a revert', 'Revert "main/deploy/test build 67 unclaiming: a1"\n\nThis reverts commit 0123456.'],
  ['a revert in one line', 'Revert "main/deploy/test build 67 unclaiming: a1"'],
  [
    'a revert of a folded message',
    'Revert "unclaiming: a1 Build URL: https://ci/builds/1"\n\nThis reverts it.',
  ],
  [
    'a revert of a revert',
    'Reapply "main/deploy/test build 67 claiming: a1"\n\nThis reverts commit 0123456.',
  ],
  ['more lines after the operation', 'main/deploy/test build 4 claiming: a1\n\nfor a test'],
  ['a subject before the operation', 'Squashed\n\nmain/deploy/test build 4 claiming: a1'],
  ['a build without a job', 'waiting for build 4 claiming: a1'],
  ['a build that is no number', 'main/deploy/test build latest claiming: a1'],
  ['a merge', "Merge branch 'claiming: a1'"],
])('a claim by hand: %s', (_name, message) => {
  expect(ownerIn(message)).toEqual(PERSON);
});

test.each(['a1"', 'a1'])('a quoted operation is by hand for the lock %s, too', (lock) => {
  expect(ownerIn('Revert "main/deploy/test build 67 claiming: a1"', lock)).toEqual(PERSON);
});

test.each<[string, string]>([
  ['a % in a name', 'main/deploy/100%!d(string=a1)eploy build 4 claiming: %!s(MISSING)'],
  ['another lock', 'main/deploy/test build 4 claiming: a2'],
  ['a longer lock', 'main/deploy/test build 4 claiming: a1 and some more'],
  ['another lock, and nobody', 'claiming: a2'],
  ['another lock that looks as a claim', 'claiming: claiming: a1'],
  ['another operation', 'main/deploy/test build 4 unclaiming: a1'],
  ['an update', 'main/deploy/test build 4 updating: a1'],
  ['an empty part', 'main//test build 4 claiming: a1'],
  ['vars that are no JSON', 'main/deploy/{branch}/test build 4 claiming: a1'],
])('an owner that is unknown: %s', (_name, message) => {
  expect(ownerIn(message)).toEqual(UNKNOWN);
});

test('a garbled message keeps its URL', () => {
  const url = `${CI}/teams/main/pipelines/deploy/jobs/test/builds/4`;
  expect(ownerIn(`claiming: a2\nBuild URL: ${url}`)).toEqual({ kind: 'unknown', url });
});

test.each([
  'a b',
  '-rf',
  '*',
  '[x]',
  '"q"',
  'ключ',
  'with: colon',
  'claiming: x',
  'a\nb',
  'a\n\n\n\nb',
  '\nfirst',
  'last\n',
  ' blank in front',
  'blank behind ',
  'two  blanks',
  'blank \nat the end of a line',
  'claimed',
  'x\nBuild URL: https://evil.example.com/builds/1',
  'bytes \udcff\udc80',
])('the lock %j is found in its own message', (lock) => {
  // Git tidies the message that the pool resource gives it.
  const message = `main/deploy/test build 4 claiming: ${lock}`
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
  const url = `${CI}/teams/main/pipelines/deploy/jobs/test/builds/4`;
  const since18 = `claiming: ${lock}\nBuild URL: ${url}`.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n');
  expect(ownerIn(since18, lock)).toEqual(job('main', 'deploy', 'test', '4', { url }));
  if (!lock.includes('Build URL')) expect(ownerIn(message, lock)).toEqual(job('main', 'deploy', 'test', '4'));
});

test.each([
  'adding claimed: a1',
  'main/deploy/test build 4 adding claimed: a1',
  'one-off build 9 adding claimed: a1',
])('%s is born claimed', (message) => {
  expect(parseClaimMessage(message, 'a1').bornClaimed).toBe(true);
});

test('a text by hand with a Build URL names no person: a build stands behind it', () => {
  const url = `${CI}/builds/7`;
  expect(ownerIn(`taken for a test\nBuild URL: ${url}`)).toEqual({ kind: 'unknown', url });
});
