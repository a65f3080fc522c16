import { beforeEach, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../src/cli/settings/settings.ts';
import { Failure } from '../../../src/core/failure.ts';
import { selectPools } from '../../../src/core/pools/pool-selection.ts';
import { exitStatusFor } from '../../../src/runtime/exit-status.ts';
import { createMask } from '../../../src/runtime/secret-mask.ts';
import { fileWith, homeWith } from '../run-cli.ts';

const NOW = 1_800_000_000;

function settings(options: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}, file?: string) {
  const source = file === undefined ? {} : { source: fileWith(file) };
  return readSettings({
    options: { ...source, ...options },
    environment,
    mask: createMask(),
    log: { warn: (text) => void warned.push(text) },
    now: NOW,
  });
}

const warned: string[] = [];
beforeEach(() => void warned.splice(0));

/** Which pools a source selects of these folders, with some keys of their policy. */
function selected(source: ReturnType<typeof settings>, ...names: string[]) {
  const found = names.map((name) => ({ name, claimed: ['env-1'], unclaimed: [], claimedIsKept: true }));
  return selectPools(found, source).pools.map(({ listing, policy }) => ({ name: listing.name, ...policy }));
}

function problemsOf(...args: Parameters<typeof settings>): readonly string[] {
  try {
    settings(...args);
  } catch (error) {
    if (error instanceof Failure)
      return error.sentences.map((one) => one.replace(/\/[^ :]*pool-boy-test[^ :]*/g, 'FILE'));
    throw error;
  }
  return [];
}

const jwt = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const CONCOURSE = {
  CONCOURSE_BASE_URL: 'http://ci/',
  CONCOURSE_USERNAME: 'u',
  CONCOURSE_PASSWORD: 'pass-word',
};

describe('an option goes before a variable, and that before the file', () => {
  test.each<[string, Record<string, unknown>, NodeJS.ProcessEnv, string, string]>([
    ['all three', { repo: '/option' }, { POOL_REPO: '/variable' }, 'uri: /file', '/option'],
    ['variable and file', {}, { POOL_REPO: '/variable' }, 'uri: /file', '/variable'],
    ['file alone', {}, {}, 'uri: /file', '/file'],
    ['an empty variable is none', {}, { POOL_REPO: '' }, 'uri: /file', '/file'],
  ])('%s', (_name, options, environment, file, uri) => {
    expect(settings(options, environment, file).repository.uri).toBe(uri);
  });

  test('the private key: an option names a file, the variable is the key', () => {
    const privateKey = fileWith('KEY IN FILE');
    expect(
      settings({ repo: '/r', privateKey }, { POOL_REPO_SSH_PRIVATE_KEY: 'KEY' }).repository.privateKey,
    ).toBe('KEY IN FILE');
    expect(settings({ repo: '/r' }, { POOL_REPO_SSH_PRIVATE_KEY: 'KEY' }).repository.privateKey).toBe('KEY');
  });
});

describe('pools', () => {
  const file =
    'uri: /r\npools:\n- {name: aws, stale_after: 3h, exclude: [keep-*], on_failure: keep}\n- {name: gcp, stale_after: 2h}\n';

  test('named by an option they narrow the file and keep its keys', () => {
    expect(selected(settings({ pools: 'aws' }, {}, file), 'aws', 'gcp')).toMatchObject([
      { name: 'aws', staleAfter: 10_800, exclude: ['keep-*'], onFailure: 'keep' },
    ]);
  });
  test('their own minutes replace the timeout of the file', () => {
    expect(selected(settings({ pools: 'aws:60' }, {}, file), 'aws')[0]?.staleAfter).toBe(3600);
  });
  test('a glob does not lose what the file says of one pool', () => {
    const pools = selected(settings({ pools: '*:60' }, {}, file), 'aws', 'gcp', 'vsphere');
    expect(pools.map(({ name, exclude, staleAfter }) => [name, exclude, staleAfter])).toEqual([
      ['aws', ['keep-*'], 3600],
      ['gcp', [], 3600],
    ]);
  });
  test.each([
    [{ pools: 'a*' }, {}],
    [{}, { POOLS: 'a*' }],
    [{ pools: 'aws' }, { POOLS: 'a*,gcp' }],
  ])('globs that overlap lose nothing either: %j %j', (options, environment) => {
    const overlapping = "uri: /r\npools: [{name: '*s', exclude: [env-1], by_hand: keep}]\n";
    expect(selected(settings(options, environment, overlapping), 'aws', 'gcp')).toMatchObject([
      { name: 'aws', exclude: ['env-1'], byHand: 'keep' },
    ]);
  });
  test('a policy option replaces what the file says of single pools, but not what --pools says', () => {
    const timeouts = (...args: Parameters<typeof settings>) =>
      selected(settings(...args), 'aws', 'gcp').map(({ staleAfter }) => staleAfter);
    expect(timeouts({ staleAfter: '5' }, {}, file)).toEqual([300, 300]);
    expect(timeouts({ staleAfter: '5', pools: 'aws:60' }, {}, file)).toEqual([3600]);
    expect(timeouts({ staleAfter: '5' }, { POOLS: 'aws:60' }, file)).toEqual([300]);
    expect(selected(settings({ releaseTo: 'gcp', onFailure: 'timeout' }, {}, file), 'aws')).toMatchObject([
      { releaseTo: 'gcp', onFailure: 'timeout', exclude: ['keep-*'] },
    ]);
  });
  test.each<[string, string, string]>([
    ['a list', '[{name: aws, exclude: [a]}, {name: aws, by_hand: keep}]', 'aws'],
    ['the string of the original tool', 'aws:60,aws:30', 'aws'],
    ['accents that look the same', '["b\u00fcro", "bu\u0308ro"]', 'b\u00fcro'],
  ])('two entries of one name are a problem: %s', (_name, pools, name) => {
    expect(problemsOf({}, {}, `uri: /r\npools: ${pools}\n`)).toEqual([
      `source.pools has more than one entry for ${name}; put all its keys into one.`,
    ]);
  });
  test.each<[string, string[]]>([
    ['pools: ["[!]*"]', ['source.pools[0] has a class without characters ([!]).']],
    ['exclude: ["[z-a]"]', ['source.exclude[0] has a range that runs backwards ([z-a]).']],
  ])('a glob that cannot mean what it says is a problem: %s', (line, sentences) => {
    expect(problemsOf({}, {}, `uri: /r\n${line}\n`)).toEqual(sentences);
  });
  test('exclusions add up', () => {
    const source = settings({ exclude: ['b'] }, {}, 'uri: /r\nexclude: [a]\n');
    expect(source.policy.exclude).toEqual(['a', 'b']);
  });
});

describe('a problem is blamed on the place that it comes from', () => {
  test('of lists that add up as well', () => {
    const file = 'uri: /r\nexclude: [a/b, ok]\nknown_hosts: [5]\n';
    expect(problemsOf({ exclude: ['c/d'], knownHosts: fileWith('h k') }, {}, file)).toEqual([
      expect.stringMatching(/^source\.exclude\[0\]: /),
      expect.stringMatching(/^--exclude: /),
      expect.stringMatching(/^source\.known_hosts\[0\]: /),
    ]);
  });

  test('and only those of the command line make it a wrong command line', () => {
    const error = (options: Record<string, unknown>, file: string) => {
      try {
        settings(options, {}, file);
      } catch (thrown) {
        return exitStatusFor(thrown);
      }
      return 0;
    };
    expect(error({ exclude: ['c/d'] }, 'uri: /r\n')).toBe(2);
    expect(error({ exclude: ['ok'] }, 'uri: /r\nexclude: [a/b]\n')).toBe(1);
    expect(error({ exclude: ['c/d'] }, 'uri: /r\nexclude: [a/b]\n')).toBe(1);
    expect(error({ pools: 'aws:x' }, 'uri: /r\n')).toBe(2);
    // A label that only looks like an option.
    expect(error({}, 'uri: /r\n--x: 1\n')).toBe(1);
  });

  test('pools of every place are read, whichever counts', () => {
    expect(problemsOf({ pools: 'aws' }, { POOLS: 'gcp:x' }, 'uri: /r\npools: [{nam: aws}]\n')).toEqual([
      expect.stringMatching(/^source\.pools\[0\]\.name is missing/),
      expect.stringMatching(/^source\.pools\[0\]\.nam is not a known key/),
      expect.stringMatching(/^POOLS: /),
    ]);
  });
});

describe('host keys', () => {
  test('a variable holds them, and those of all places add up', () => {
    const environment = { POOL_REPO_KNOWN_HOSTS: 'git.example.com ssh-ed25519 AAAA\n\nb c d\n' };
    const options = { knownHosts: fileWith('e f g\n') };
    expect(settings({ repo: '/r' }, environment).repository.knownHosts).toEqual([
      'git.example.com ssh-ed25519 AAAA',
      'b c d',
    ]);
    expect(settings(options, environment, 'uri: /r\nknown_hosts: [h i j]\n').repository.knownHosts).toEqual([
      'h i j',
      'git.example.com ssh-ed25519 AAAA',
      'b c d',
      'e f g',
    ]);
  });
});

describe('Concourse', () => {
  test('from the three variables of the original tool', () => {
    expect(settings({ repo: '/r' }, CONCOURSE).concourses).toMatchObject([
      { url: 'http://ci', login: { kind: 'password', username: 'u', password: 'pass-word' } },
    ]);
  });
  test('from a token', () => {
    const environment = { CONCOURSE_BASE_URL: 'http://ci', CONCOURSE_TOKEN: 'token' };
    expect(settings({ repo: '/r' }, environment).concourses[0]?.login).toEqual({
      kind: 'token',
      token: 'token',
    });
  });
  test('an option names one whose pipelines are public', () => {
    expect(settings({ repo: '/r', concourseUrl: 'http://ci' }).concourses[0]?.login).toEqual({
      kind: 'none',
    });
  });
  test('a variable brings the password for the one of the file', () => {
    const file = 'uri: /r\nconcourse: {url: "http://ci", username: u, team: dev}\n';
    const environment = { CONCOURSE_USERNAME: 'u', CONCOURSE_PASSWORD: 'pass-word' };
    expect(settings({}, environment, file).concourses).toMatchObject([
      { team: 'dev', login: { kind: 'password', password: 'pass-word' } },
    ]);
  });
  test('of several in the file the others stay', () => {
    const file =
      'uri: /r\nconcourse: [{url: "http://old", token: secret-token}, {url: "http://ci", team: dev}]\n';
    expect(settings({}, CONCOURSE, file).concourses).toMatchObject([
      { url: 'http://ci', team: 'dev', login: { kind: 'password' } },
      { url: 'http://old', login: { kind: 'token' } },
    ]);
  });
  test('a URL alone is no problem where the file has its login', () => {
    const file = 'uri: /r\nconcourse: {url: "http://ci", token: secret-token}\n';
    const environment = { CONCOURSE_BASE_URL: 'http://ci/' };
    expect(settings({}, environment, file).concourses[0]?.login.kind).toBe('token');
    expect(problemsOf({}, { CONCOURSE_BASE_URL: 'http://other' }, file)[0]).toContain(
      'CONCOURSE_BASE_URL is set, but',
    );
  });
  test('another URL than that of the file takes nothing from it', () => {
    const file = 'uri: /r\nconcourse: {url: "http://ci", token: secret-token, team: dev}\n';
    expect(settings({ concourseUrl: 'http://other' }, {}, file).concourses).toMatchObject([
      { url: 'http://other', team: 'main', login: { kind: 'none' } },
    ]);
    expect(warned).toEqual([
      'The Concourse of the source file at http://ci is not asked, since --concourse-url names another one.',
    ]);
  });
  test.each<[string, string, string[]]>([
    ['no object', '5', ['source.concourse: ']],
    ['an unknown key', '{url: "http://ci", grce: 5}', ['source.concourse.grce is not a known key']],
    ['no url', '{team: dev}', ['source.concourse.url is missing']],
    [
      'one of a list',
      '[{url: "http://ci"}, {url: "http://old", when_unreachable: x}]',
      ['source.concourse[1].when_unreachable: '],
    ],
  ])(
    'a mistake of the file is one also where variables take precedence: %s',
    (_name, concourse, sentences) => {
      const file = `uri: /r\nconcourse: ${concourse}\n`;
      for (const environment of [CONCOURSE, { ...CONCOURSE, CONCOURSE_BASE_URL: 'http://other' }]) {
        const problems = problemsOf({}, environment, file);
        expect(problems).toEqual(sentences.map((start) => expect.stringContaining(start)));
      }
    },
  );

  test.each<[string, Record<string, unknown>, NodeJS.ProcessEnv, string]>([
    [
      'a URL alone',
      {},
      { CONCOURSE_BASE_URL: 'http://ci' },
      'CONCOURSE_BASE_URL is set, but CONCOURSE_USERNAME and CONCOURSE_PASSWORD (or CONCOURSE_TOKEN) are not; set them, or use --concourse-url where all pipelines are public.',
    ],
    [
      'no password',
      {},
      { ...CONCOURSE, CONCOURSE_PASSWORD: '' },
      'CONCOURSE_USERNAME is set, but CONCOURSE_PASSWORD is not (or is empty); set both.',
    ],
    [
      'no username',
      {},
      { ...CONCOURSE, CONCOURSE_USERNAME: '' },
      'CONCOURSE_PASSWORD is set, but CONCOURSE_USERNAME is not (or is empty); set both.',
    ],
    [
      'no URL',
      {},
      { ...CONCOURSE, CONCOURSE_BASE_URL: '' },
      'CONCOURSE_BASE_URL is not set (or is empty), but a login for Concourse is; set both or neither.',
    ],
    [
      'a token and a password',
      {},
      { ...CONCOURSE, CONCOURSE_TOKEN: 't' },
      'CONCOURSE_TOKEN is set as well as a username or password; set either of them, not both.',
    ],
    [
      'a password for another Concourse',
      { concourseUrl: 'http://other' },
      CONCOURSE,
      'The login in the environment belongs to CONCOURSE_BASE_URL, but --concourse-url names another Concourse; unset one of them.',
    ],
    [
      'a URL that is none',
      {},
      { ...CONCOURSE, CONCOURSE_BASE_URL: 'ci' },
      'CONCOURSE_BASE_URL: expected an http:// or https:// URL without credentials and without a query, got "ci".',
    ],
    [
      'a team without a Concourse',
      { concourseTeam: 'dev' },
      {},
      'There are settings for a Concourse, but no URL; set --concourse-url (or CONCOURSE_BASE_URL).',
    ],
  ])('%s', (_name, options, environment, sentence) => {
    expect(problemsOf({ repo: '/r', ...options }, environment)).toEqual([sentence]);
  });
});

describe('--target', () => {
  const flyrc = (token: string) =>
    `targets:\n  ci:\n    api: http://ci\n    team: main\n    insecure: true\n    token: {type: bearer, value: ${token}}\n  out:\n    api: http://out\n`;
  const target = (name: string, text: string) =>
    problemsOf({ repo: '/r', target: name }, { HOME: homeWith(text) });

  test('takes URL and token of a target of fly', () => {
    const token = jwt({ exp: NOW + 60 });
    expect(settings({ repo: '/r', target: 'ci' }, { HOME: homeWith(flyrc(token)) }).concourses).toMatchObject(
      [{ url: 'http://ci', login: { kind: 'token', token }, skipSslVerification: true }],
    );
  });
  test('goes before the login of the variables', () => {
    const environment = { ...CONCOURSE, HOME: homeWith(flyrc('opaque')) };
    expect(settings({ repo: '/r', target: 'ci' }, environment).concourses[0]?.login).toEqual({
      kind: 'token',
      token: 'opaque',
      renewWith: 'fly --target ci login',
    });
  });
  test('whose token has expired', () => {
    expect(target('ci', flyrc(jwt({ exp: NOW - 7200 })))).toEqual([
      '--target ci: its token expired 2 hours ago; log in again with: fly --target ci login',
    ]);
  });
  test('that is not there', () => {
    expect(target('prod', flyrc('x'))).toEqual(['--target prod: FILE has no such target; it has ci, out.']);
  });
  test('that is not logged in', () => {
    expect(target('out', flyrc('x'))).toEqual([
      '--target out: it is not logged in; log in with: fly --target out login',
    ]);
  });
});

describe('--source', () => {
  test('may be a whole resource, with anchors, and fills in variables', () => {
    const file = `name: locks\ntype: pool-boy\nsource:\n  <<: &a {uri: /r, branch: main}\n  password: \${LOCKS_PASSWORD}\n  username: "$\${plain}"\n`;
    const { repository } = settings({}, { LOCKS_PASSWORD: 'pass-word' }, file);
    expect(repository).toMatchObject({
      uri: '/r',
      branch: 'main',
      password: 'pass-word',
      username: `\${plain}`,
    });
  });
  test('may be JSON', () => {
    expect(settings({}, {}, '{"uri": "/r", "stale_after": 60}').policy.staleAfter).toBe(3600);
  });

  test.each<[string, string, string[]]>([
    [
      'unknown keys',
      'uri: /r\nbranhc: x\npool: ..\n',
      [
        'source.branhc is not a known key; did you mean branch?',
        'source.pool: expected a path in the repository, without .. and without a slash in front, got "..".',
      ],
    ],
    [
      'a variable that is not set',
      `uri: /r\npassword: \${GONE}\n`,
      ['FILE: source.password needs the environment variable GONE, which is not set.'],
    ],
    [
      'a variable of a pipeline',
      'uri: /r\npassword: ((locks.password))\n',
      [
        `FILE: source.password holds ((locks.password)), which only Concourse can fill in; write \${NAME} and set the environment variable NAME.`,
      ],
    ],
    [
      'broken YAML, whose text may be a secret',
      'uri: [secret\n',
      ['FILE is not valid YAML at line 2, column 1 (bad indent).'],
    ],
    [
      'a pipeline',
      'resources: []\n',
      ['FILE is a whole pipeline; expected the source of one resource, or the resource itself.'],
    ],
    ['nothing', '', ['FILE has no source; expected a source block, or a resource with one.']],
  ])('%s', (_name, file, sentences) => {
    expect(problemsOf({}, {}, file)).toEqual(sentences);
  });
  test('that is not there', () => {
    expect(problemsOf({ source: '/nonexistent.yml' })).toEqual([
      '--source: /nonexistent.yml cannot be read (ENOENT).',
    ]);
  });
});
