import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ciModel, PASSWORD } from '../../fake-atc/model.ts';
import { type Atc, startAtc } from '../../fake-atc/start-atc.ts';
import { makeKey, SSHD, startSshd } from '../../git/access/start-sshd.ts';
import { makeRepository } from '../../git/make-repository.ts';
import { describeWith } from '../../git/needs.ts';
import { temporaryFolder } from '../../git/temporary-folder.ts';
import { minutesAgo, poolAtWork } from '../pool-at-work.ts';
import { cleanEnvironment, fileWith, runCli } from '../run-cli.ts';

describe('doctor', () => {
  test('a set-up without a fault', async () => {
    const pool = await poolAtWork();
    const args = [...pool.withConcourse, '--branch', 'main', '--stale-after', '8h', 'doctor'];
    const { status, stdout } = await runCli(args, { env: pool.env });
    expect(stdout.replace(/\n {2}(?! )/g, ' ').split('\n')).toEqual([
      expect.stringMatching(/^✓ The repository .* can be read; branch main is at [0-9a-f]{10}\.$/),
      expect.stringContaining('✓ The account may push there (shown by a push of what is there already;'),
      '✓ 1 pool: all have both folders, and no lock is in two of them.',
      `✓ ${pool.atc.url} answers (Concourse 8.2.5) and accepts the login.`,
      '✓ The account can view 1 team whose builds claim locks (main).',
      '✓ 3 claimed locks can be judged.',
      '✓ No hold ended in the last 90 days, so there is nothing to compare the timeouts with.',
      '✓ No pipeline that can be read has a pool in this repository.',
      expect.stringMatching(/^✓ Since [0-9-]{10} Pool Boy released no lock\.$/),
      '',
      '0 problems, 0 warnings.',
      '',
    ]);
    expect(status).toBe(0);
  });

  test('a pool with every fault, each with its cure', async () => {
    const repository = makeRepository();
    const write = (path: string) => ({ write: path });
    const at = (minutes: number) => ({
      at: minutesAgo(minutes),
      author: 'Ada <a@b>',
      committer: 'Ada <a@b>',
    });
    repository.commitByHand(
      'set up',
      [
        'aws/unclaimed/a',
        'aws/unclaimed/gone',
        'aws/claimed/both',
        'aws/unclaimed/both',
        'aws/unclaimed/100%',
        'gcp/unclaimed/a',
        'phantom/claimed/x',
      ].map(write),
      at(500),
    );
    repository.commitByHand('tidy up', [{ remove: 'aws/unclaimed/gone' }], at(400));
    const { status, stdout } = await runCli(['--repo', repository.path, 'doctor']);
    const text = stdout.replace(/\n {2}(?! )/g, ' ');
    expect(status).toBe(1);
    for (const words of [
      '! No branch is set',
      '→ set branch: main (or --branch main)',
      '! phantom has a claimed/ folder but no unclaimed/, so it may not be a pool',
      '! Pool aws has no claimed/.gitkeep',
      '→ mkdir -p aws/claimed && touch aws/claimed/.gitkeep && git --literal-pathspecs add aws/claimed/.gitkeep',
      '✗ Pool gcp has no claimed/ folder',
      '✗ aws/both exists in both claimed/ and unclaimed/',
      '→ git --literal-pathspecs rm aws/unclaimed/both',
      '! The name of lock aws/100% has a "%"',
      '! No Concourse is configured, so locks are judged by age alone',
      '! aws/gone is in neither folder any more; Ada took it out by hand 6 hours 40 minutes ago',
      '! Pool aws has no stale_after, and no Concourse is configured',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).toMatch(/→ git revert [0-9a-f]{40} # if that was a mistake/);
    expect(text).toMatch(/\n2 problems, \d+ warnings\.\n$/);
  });

  test('a repository that is not there, and a Concourse that does not answer', async () => {
    const { status, stdout } = await runCli([
      '--repo',
      '/nonexistent/locks',
      '--concourse-url',
      'http://127.0.0.1:9',
      'doctor',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('✗ There is no git repository at /nonexistent/locks');
    expect(stdout).toContain('→ try it by hand: git ls-remote /nonexistent/locks');
    expect(stdout).toContain('✗ http://127.0.0.1:9 refused the connection');
    expect(stdout).toContain('2 problems, 0 warnings.');
  });

  test('an account without a role in a team whose builds claim', async () => {
    const pool = await poolAtWork();
    pool.repository.claim('aws', 'env-4', {
      at: minutesAgo(30),
      message: 'dev/deploy/test build 1 claiming: env-4',
    });
    const { status, stdout } = await runCli([...pool.withConcourse, 'doctor'], { env: pool.env });
    expect(status).toBe(1);
    expect(stdout.replace(/\n {2}(?! )/g, ' ')).toContain(
      '✗ The account has no role in team dev, whose builds claim locks',
    );
    // Pasted, it must not make that user the only owner: `--local-user` would.
    expect(stdout).not.toContain('--local-user');
    expect(stdout).toContain(
      [
        '    → fly -t TARGET get-team --team-name dev # shows the roles that are there; write all of them to dev-team.yml, and add the last one:',
        '      roles:',
        '        - name: owner # and so on, as get-team shows them',
        '          local: { users: [...] }',
        '        - name: viewer',
        '          local: { users: ["pool-boy"] }',
        '      fly -t TARGET set-team --team-name dev --config dev-team.yml',
        '',
      ].join('\n'),
    );
  });

  test('a wrong password', async () => {
    const pool = await poolAtWork();
    const { status, stdout } = await runCli([...pool.withConcourse, 'doctor'], {
      env: { CONCOURSE_PASSWORD: 'wrong-password' },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('refuses the password of pool-boy');
    expect(stdout).not.toContain('wrong-password');
  });

  test('a timeout that is shorter than past holds', async () => {
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'a', { at: minutesAgo(10_000) });
    for (let i = 0; i < 3; i += 1) {
      const message = (what: string) => `main/deploy/test build ${i} ${what}: a`;
      repository.claim('aws', 'a', { at: minutesAgo(5_000 - 500 * i), message: message('claiming') });
      repository.release('aws', 'a', { at: minutesAgo(4_880 - 500 * i), message: message('unclaiming') });
    }
    const { stdout } = await runCli(['--repo', repository.path, '--stale-after', '60', 'doctor']);
    expect(stdout.replace(/\n {2}(?! )/g, ' ')).toContain(
      '! The timeout of pool aws, 1h, is shorter than 3 of 3 past holds that ended well (0 leaked); each of them could have lost its lock',
    );
  });

  test('in JSON', async () => {
    const pool = await poolAtWork();
    const { stdout } = await runCli([...pool.args, 'doctor', '--output', 'json']);
    const { findings } = JSON.parse(stdout);
    expect(findings[0]).toMatchObject({ level: 'good', fix: null });
  });

  test('nothing is changed', async () => {
    const pool = await poolAtWork();
    const hook = join(pool.repository.path, 'hooks', 'pre-receive');
    const mark = join(pool.repository.path, 'was-pushed');
    writeFileSync(hook, `#!/bin/sh\ntouch '${mark}'\n`);
    chmodSync(hook, 0o755);
    const head = pool.repository.head();
    await runCli([...pool.withConcourse, 'doctor'], { env: pool.env });
    expect(pool.repository.head()).toBe(head);
    expect(pool.repository.git('for-each-ref').split('\n')).toHaveLength(1);
    expect(() => chmodSync(mark, 0o600)).toThrow();
  });
});

test('no finding shows a secret, in whatever form', async () => {
  const repository = makeRepository();
  repository.addUnclaimed('aws', 's3cret-name');
  repository.commitByHand('by mistake', [{ write: 'aws/claimed/s3cret-name' }]);
  const gateway = ['--push-gateway', 'http://someone:s3cret-name@127.0.0.1:9'];
  for (const output of ['json', 'text']) {
    const args = ['--repo', repository.path, '--pools', 'aws', ...gateway, 'doctor', '--output', output];
    const { stdout } = await runCli(args);
    expect(stdout).toContain('aws/*** exists in both claimed/ and unclaimed/');
    expect(stdout).not.toContain('s3cret-name');
  }
});

/** The findings on one line each, without their marks' indentation. */
async function findingsOf(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout } = await runCli([...args, 'doctor', '--output', 'json'], { env });
  const { findings } = JSON.parse(stdout) as {
    findings: { level: string; text: string; fix: string | null }[];
  };
  return { status, findings, texts: findings.map(({ level, text }) => `${level}: ${text}`) };
}

const started: Atc[] = [];
afterEach(async () => {
  for (const atc of started.splice(0)) await atc.close();
});

test('a Concourse that accepts the login, but answers nothing about builds', async () => {
  const pool = await poolAtWork();
  for (const path of [/\/builds/, /\/jobs/, /\/resources/, /\/pipelines/])
    pool.atc.answer(path, { kind: 'proxy-404' });
  const { status, texts } = await findingsOf([...pool.withConcourse, '--branch', 'main'], pool.env);
  expect(status).toBe(1);
  expect(texts).toContainEqual(expect.stringMatching(/^good: .* accepts the login\.$/));
  expect(texts).toContainEqual(expect.stringMatching(/^problem: \d claimed locks? cannot be judged: /));
  expect(texts.join('\n')).not.toContain('can be judged');
});

test('of two Concourses each is only asked for the teams whose claims it made', async () => {
  const repository = makeRepository();
  const start = async (roles: Record<string, string>) => {
    const atc = await startAtc(ciModel({ accounts: [{ username: 'pool-boy', roles }] }));
    started.push(atc);
    return atc;
  };
  const [blue, green] = [await start({ main: 'viewer' }), await start({ dev: 'viewer' })];
  const claimBy = (lock: string, url: string) => {
    repository.addUnclaimed('aws', lock, { at: minutesAgo(100) });
    repository.claim('aws', lock, { at: minutesAgo(50), message: `claiming: ${lock}\nBuild URL: ${url}` });
  };
  claimBy('a', 'http://blue.example.com/teams/main/pipelines/p/jobs/j/builds/1');
  claimBy('b', 'http://green.example.com/teams/dev/pipelines/p/jobs/j/builds/1');
  const source = (greenUrl: string) =>
    fileWith(
      JSON.stringify({
        uri: repository.path,
        branch: 'main',
        pools: ['aws'],
        concourse: [
          {
            url: blue.url,
            former_urls: ['http://blue.example.com'],
            username: 'pool-boy',
            password: PASSWORD,
          },
          { url: green.url, former_urls: [greenUrl], username: 'pool-boy', password: PASSWORD },
        ],
      }),
    );
  const { texts } = await findingsOf(['--source', source('http://green.example.com')]);
  expect(texts).toContain('good: The account can view 2 teams whose builds claim locks (dev, main).');
  claimBy('c', 'http://green.example.com/teams/qa/pipelines/p/jobs/j/builds/1');
  const lacking = (await findingsOf(['--source', source('http://green.example.com')])).texts;
  expect(lacking.filter((text) => text.includes('no role'))).toEqual([
    `problem: The account has no role in team qa at ${green.url}, whose builds claim locks, so those locks stay undecided.`,
  ]);
});

describe('a branch without a pool', () => {
  test('is a problem that names the branches that have some', async () => {
    const repository = makeRepository();
    repository.commitByHand('Only words', [{ write: 'README.md' }]);
    repository.startBranch('locks');
    repository.commitByHand('The locks', [{ write: 'aws/unclaimed/env-1' }], { branch: 'locks' });
    const { status, findings, texts } = await findingsOf(['--repo', repository.path, '--stale-after', '60']);
    expect(status).toBe(1);
    expect(texts).toContain('problem: Branch main has no pool; it has no folders, so check uri and branch.');
    expect(findings.map(({ fix }) => fix)).toContain(
      'set branch: locks (or --branch locks); there are pools on 1 other branch: locks (aws)',
    );
    expect(texts.join('\n')).not.toMatch(/0 pools|No branch is set|No hold/);
  });

  test('is a problem where no branch has one', async () => {
    const repository = makeRepository();
    repository.commitByHand('Only words', [{ write: 'README.md' }]);
    const { status, texts } = await findingsOf(['--repo', repository.path, '--stale-after', '60']);
    expect(status).toBe(1);
    expect(texts).toContainEqual(expect.stringMatching(/^problem: Branch main has no pool; /));
  });
});

test.each<[string, Record<string, unknown>, RegExp[]]>([
  [
    'certificates that are not checked',
    {
      uri: 'https://git.invalid/locks.git',
      skip_ssl_verification: true,
      concourse: { url: 'https://ci.invalid', token: 'secret-token', skip_ssl_verification: true },
    },
    [/certificate of git\.invalid is not checked/, /certificate of https:\/\/ci\.invalid is not checked/],
  ],
  [
    'passwords in plain http',
    {
      uri: 'http://me:secret-word@git.invalid/locks.git',
      concourse: { url: 'http://ci.invalid', username: 'u', password: 'secret-word' },
      prometheus_push_gateway: 'me:secret-word@gateway.invalid:9091',
    },
    [
      /password for the repository on git\.invalid is sent over plain http/,
      /password for Concourse on ci\.invalid is sent over plain http/,
      /password for the push gateway on gateway\.invalid:9091 is sent over plain http/,
    ],
  ],
  [
    'a host key that is not checked',
    { uri: 'git@git.invalid:locks.git', skip_host_key_check: true, stale_after: 60 },
    [/host key of git\.invalid is not checked/],
  ],
])('doctor warns of %s', async (_name, source, expected) => {
  const file = fileWith(JSON.stringify(source));
  const { texts } = await findingsOf(['--source', file], { http_proxy: '', https_proxy: '' });
  for (const pattern of expected)
    expect(texts.filter((text) => text.startsWith('warning: '))).toContainEqual(
      expect.stringMatching(pattern),
    );
  expect(texts.join('\n')).not.toContain('secret-');
});

test('a local path is not reached by SSH, so no key is spoken of', async () => {
  const { findings } = await findingsOf(['--repo', '/nonexistent/locks', '--stale-after', '60']);
  expect(findings[0]).toMatchObject({
    level: 'problem',
    fix: 'try it by hand: git ls-remote /nonexistent/locks',
  });
});

test('claims that name no build, as a Concourse before 8.0 leaves them', async () => {
  const repository = makeRepository();
  const ci = ciModel({ version: '7.14.3' });
  const atc = await startAtc(ci);
  started.push(atc);
  for (const lock of ['a', 'b', 'c', 'd']) {
    repository.addUnclaimed('aws', lock, { at: minutesAgo(100) });
    const message = lock === 'a' ? 'main/p/j build 1 claiming: a' : `claiming: ${lock}\nBuild URL: `;
    repository.claim('aws', lock, { at: minutesAgo(50), message });
  }
  const args = ['--repo', repository.path, '--branch', 'main', '--stale-after', '2h'];
  const { texts } = await findingsOf(
    [...args, '--concourse-url', atc.url, '--concourse-username', 'pool-boy'],
    { CONCOURSE_PASSWORD: PASSWORD },
  );
  expect(texts).toContainEqual(
    expect.stringContaining(
      `warning: 3 of the last 4 claims name no build, as a pool resource of 1.8 or newer writes them on a Concourse before 8.0 (${atc.url} runs 7.14.3)`,
    ),
  );
  expect(texts).toContain('good: 4 claimed locks can be judged, 4 of them by age alone.');
});

test('what doctor gives to paste is safe, whatever the names are', async () => {
  const repository = makeRepository();
  for (const lock of ['*', 'x', "it's", 'a\nb']) repository.addUnclaimed('aws', lock);
  repository.commitByHand(
    'Both',
    ['*', "it's", 'a\nb'].map((lock) => ({ write: `aws/claimed/${lock}` })),
  );
  const { findings } = await findingsOf([
    '--repo',
    repository.path,
    '--branch',
    'main',
    '--stale-after',
    '60',
  ]);
  const clone = join(temporaryFolder(), 'clone');
  const shell = (script: string) =>
    execFileSync('bash', ['-c', script], {
      stdio: 'pipe',
      cwd: existsSync(clone) ? clone : '/',
      env: cleanEnvironment(),
    });
  shell(`git clone -q '${repository.path}' '${clone}'`);
  shell('git config user.email a@b && git config user.name A');
  const fixes = findings.filter(({ text }) => text.includes('exists in both')).map(({ fix }) => fix ?? '');
  expect(fixes).toHaveLength(3);
  for (const fix of fixes) shell(fix);
  const left = repository.git('ls-tree', '-z', '--name-only', 'main:aws/unclaimed').split('\0');
  expect(left.filter((name) => name !== '' && !name.startsWith('.'))).toEqual(['x']);
});

describeWith([SSHD, '/usr/bin/ssh-agent'])('a host whose key is not known', () => {
  test('is a matter of host keys, not of private keys', async () => {
    const server = await startSshd();
    const key = makeKey('-t', 'ed25519');
    server.authorize(key);
    const repository = makeRepository();
    repository.addUnclaimed('aws', 'env-1');
    const file = fileWith(key.privateKey, 'key');
    chmodSync(file, 0o600);
    const args = ['--repo', server.uriOf(repository.path), '--private-key', file, '--stale-after', '60'];
    const { findings } = await findingsOf(args);
    expect(findings[0]).toMatchObject({ level: 'problem' });
    expect(findings[0]?.fix).toBe(
      `ssh-keyscan -p ${server.port} 127.0.0.1 # compare with what the host publishes, and put it into known_hosts (--known-hosts FILE, or POOL_REPO_KNOWN_HOSTS); with private_key set, ~/.ssh/known_hosts is not read`,
    );
    const known = await findingsOf(args, { POOL_REPO_KNOWN_HOSTS: server.knownHost });
    expect(known.texts[0]).toMatch(/^good: The repository .* can be read/);
  });
});
