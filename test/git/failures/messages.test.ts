// What git, ssh and git hosts print, word for word as users have posted it or as the programs of this machine print
// it; names of people and repositories are replaced. Read in November 2026 in: desktop/desktop #13637 and #9055
// (GitHub, single sign-on), gitblit #1445 (old host keys), go-gitea/gitea #1454 and #158 (Gitea, Gogs), david.gardiner.net.au
// 2019/07 (Azure DevOps), gitextensions #12182 and concourse-bitbucket-pullrequest-resource #16 (login pages).
import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../../src/git/failures/explain-outcome.ts';
import type { GitOutcome } from '../../../src/git/failures/git-outcome.ts';
import { debugLines, remoteWords } from '../../../src/git/failures/remote-words.ts';

const URI = 'https://git.example.com/o/locks.git';
const STOCK = `fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
`;
const ACCESS = `fatal: unable to access '${URI}/': `;

function failure(stderr: string, more: Partial<GitOutcome> & { readonly isPush?: boolean } = {}) {
  const { isPush = false, ...outcome } = more;
  const { kind, message, isWorthRetry } = failureOf(
    { status: 128, end: 'exited', stdout: Buffer.alloc(0), stderr, ...outcome },
    { uri: URI, branch: 'main', isPush },
  );
  return { kind, message, isWorthRetry };
}

describe('what a host says over SSH', () => {
  it.each<[string, string, boolean, string, string]>([
    [
      'GitHub, single sign-on',
      `ERROR: The 'o' organization has enabled or enforced SAML SSO. To access
this repository, you must use the HTTPS remote with a personal access token
or SSH with an SSH key and passphrase
that has been authorized for this organization. Visit
https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/ for more information.

${STOCK}`,
      false,
      'not-allowed-to-read',
      `${URI} requires single sign-on (The 'o' organization has enabled or enforced SAML SSO. To access this repository, you must use the HTTPS remote with a personal access token or SSH with an SSH key and passphrase that has been authorized for this organization. Visit https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/ for more information); authorize the key or token for that organization.`,
    ],
    [
      'GitHub, archived',
      `ERROR: This repository was archived so it is read-only.\n${STOCK}`,
      true,
      'not-allowed-to-push',
      `${URI} is archived, so nobody can push to it (This repository was archived so it is read-only); unarchive it, or set uri to another repository.`,
    ],
    [
      'GitHub, no right',
      `ERROR: Permission to o/locks.git denied to somebody.\n${STOCK}`,
      true,
      'not-allowed-to-push',
      `${URI} does not let this account push (Permission to o/locks.git denied to somebody); give it the right to write.`,
    ],
    [
      'GitHub, no such repository',
      `ERROR: Repository not found.\n${STOCK}`,
      false,
      'no-repository',
      `There is no git repository at ${URI}, or the given account is not permitted to see it; check uri and the credentials.`,
    ],
    [
      'Gitea, a key that it does not know any more',
      `Gitea: Invalid key ID\nInvalid key ID[key-11]: public key does not exist [id: 11]\n${STOCK}`,
      false,
      'wrong-key',
      `${URI} accepts no key that was offered (Gitea: Invalid key ID Invalid key ID[key-11]: public key does not exist [id: 11]); set private_key to one that it knows.`,
    ],
    [
      'Gogs, no right',
      `Gogs: Repository does not exist or you do not have access\nUser  does not have level read access to repository o/locks.git\n${STOCK}`,
      false,
      'not-allowed-to-read',
      `${URI} does not let this account read (Gogs: Repository does not exist or you do not have access User does not have level read access to repository o/locks.git); give it the right to read.`,
    ],
    [
      'Bitbucket, one word',
      `Unauthorized\n${STOCK}`,
      false,
      'not-allowed-to-read',
      `${URI} does not let this account read (Unauthorized); give it the right to read.`,
    ],
    [
      'JGit',
      `fatal: 'locks.git': not a git archive\n${STOCK}`,
      false,
      'no-repository',
      `There is no git repository at ${URI}, or the given account is not permitted to see it; check uri and the credentials.`,
    ],
    [
      'somebody, in words of their own, below a banner',
      `############\n# PRIVATE! #\n############\nThe vault of keys is sealed.\n${STOCK}`,
      false,
      'refused',
      `${URI} refused the connection: # PRIVATE! # The vault of keys is sealed.`,
    ],
    [
      'a server that is being worked on',
      `The service is down for maintenance until 12:00 UTC.\n${STOCK}`,
      false,
      'server-trouble',
      `${URI} cannot serve this at the moment (The service is down for maintenance until 12:00 UTC); try again later.`,
    ],
    [
      'git daemon',
      'fatal: remote error: access denied or repository not exported: /o/locks.git\n',
      false,
      'not-allowed-to-read',
      `${URI} does not let this account read (access denied or repository not exported: /o/locks.git); give it the right to read.`,
    ],
    [
      'a login script',
      `Welcome to git1\nfatal: protocol error: bad line length character: Hell\n`,
      false,
      'refused',
      `${URI} does not answer as a git server: its answer starts with "Hell" (Welcome to git1); check whether a login script of that account prints something.`,
    ],
  ])('%s', (_host, stderr, isPush, kind, message) => {
    expect(failure(stderr, { isPush })).toMatchObject({ kind, message });
  });
});

describe('what ssh says', () => {
  it.each<[string, string, string]>([
    [
      'host key type found. Their offer: ssh-rsa,ssh-dss',
      'no host key type that OpenSSH accepts by default, only ssh-rsa,ssh-dss',
      'HostKeyAlgorithms=+ssh-rsa',
    ],
    [
      'key exchange method found. Their offer: diffie-hellman-group1-sha1',
      'no key exchange method that OpenSSH accepts by default, only diffie-hellman-group1-sha1',
      'KexAlgorithms=+diffie-hellman-group1-sha1',
    ],
    [
      'cipher found. Their offer: aes128-cbc,3des-cbc',
      'no cipher that OpenSSH accepts by default, only aes128-cbc,3des-cbc',
      'Ciphers=+aes128-cbc',
    ],
    [
      'MAC found. Their offer: hmac-md5',
      'no MAC that OpenSSH accepts by default, only hmac-md5',
      'MACs=+hmac-md5',
    ],
  ])('no matching %s', (what, offers, option) => {
    const stderr = `Unable to negotiate with 192.0.2.1 port 29418: no matching ${what}\n${STOCK}`;
    expect(failure(stderr)).toEqual({
      kind: 'no-common-algorithm',
      isWorthRetry: false,
      message: `${URI} offers ${offers}; update the server, or in git_config set core.sshCommand to: ssh -o ${option}.`,
    });
  });
});

describe('what comes over HTTP', () => {
  it.each<[string, string, boolean, string, string]>([
    [
      'GitHub, single sign-on',
      `remote: The \`o' organization has enabled or enforced SAML SSO. To access\nremote: this repository, you must re-authorize the OAuth Application \`x'.\n${ACCESS}The requested URL returned error: 403\n`,
      false,
      'not-allowed-to-read',
      `${URI} requires single sign-on (The \`o' organization has enabled or enforced SAML SSO. To access this repository, you must re-authorize the OAuth Application \`x'); authorize the key or token for that organization.`,
    ],
    [
      'Bitbucket, not visible',
      `remote: You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.\nfatal: Authentication failed for '${URI}/'\n`,
      false,
      'wrong-credentials',
      `${URI} does not accept username and password (You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated); check them.`,
    ],
    [
      'GitLab, a wrong token',
      `remote: HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect.\nfatal: Authentication failed for '${URI}/'\n`,
      false,
      'wrong-credentials',
      `${URI} does not accept username and password; check them.`,
    ],
    [
      'a login page with a query',
      `fatal: unable to update url base from redirection:\n  asked for: ${URI}/info/refs?service=git-upload-pack\n   redirect: https://login.example.com/users/sign_in?next=/o/locks&token=abc\n`,
      false,
      'credentials-needed',
      `${URI} redirects to https://login.example.com/users/sign_in, which is not a git repository but may be a login page; check uri, and username and password.`,
    ],
    [
      'a status that nobody expects',
      `${ACCESS}The requested URL returned error: 413\n`,
      true,
      'refused',
      `${URI} refused: the requested URL returned error: 413; check uri.`,
    ],
    [
      'a proxy that wants an account',
      `${ACCESS}The requested URL returned error: 407\n`,
      false,
      'proxy',
      `The HTTP proxy does not let git through to ${URI}: requested URL returned error: 407.`,
    ],
    [
      'a certificate of OpenSSL that has expired',
      `${ACCESS}SSL certificate problem: certificate has expired\n`,
      false,
      'tls',
      `The TLS certificate of ${URI} has expired; renew it on the server.`,
    ],
    [
      'a certificate for another host',
      `${ACCESS}SSL: no alternative certificate subject name matches target host name 'git.example.com'\n`,
      false,
      'tls',
      `The TLS certificate of ${URI} is for another host (no alternative certificate subject name matches target host name 'git.example.com'); use a name in uri that the certificate has.`,
    ],
    [
      'plain HTTP on the port for TLS, by OpenSSL 3',
      `${ACCESS}error:0A00010B:SSL routines::wrong version number\n`,
      false,
      'tls',
      `${URI} does not speak TLS on this port; use http:// in uri, or the port for https.`,
    ],
    [
      'another error of OpenSSL 1.1',
      `${ACCESS}error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure\n`,
      false,
      'tls',
      `No TLS connection to ${URI} could be made: sslv3 alert handshake failure.`,
    ],
    [
      'another error of OpenSSL 3',
      `${ACCESS}OpenSSL/3.0.11: error:0A000410:SSL routines::ssl/tls alert handshake failure\n`,
      false,
      'tls',
      `No TLS connection to ${URI} could be made: ssl/tls alert handshake failure.`,
    ],
  ])('%s', (_name, stderr, isPush, kind, message) => {
    expect(failure(stderr, { isPush })).toMatchObject({ kind, message });
  });

  it('takes no word in the URL for the server’s', () => {
    const uri = 'https://ssl.example.com/saml/archived repository/x';
    const stderr = `fatal: unable to access '${uri}/': The requested URL returned error: 403\n`;
    expect(
      failureOf({ status: 128, end: 'exited', stdout: Buffer.alloc(0), stderr }, { uri, branch: null }),
    ).toMatchObject({
      kind: 'not-allowed-to-read',
      message: `${uri} does not let this account read; give it the right to read.`,
    });
  });
});

describe('a connection that was cut', () => {
  it.each<[string, string, Partial<GitOutcome>, string]>([
    [
      'before a word was said',
      STOCK,
      {},
      `The connection to ${URI} was closed without a reason; try again, or look at the server's log.`,
    ],
    [
      'in the capabilities',
      'fatal: expected flush after capabilities\n',
      {},
      `The connection to ${URI} failed: expected flush after capabilities.`,
    ],
    [
      'while git wrote',
      'fatal: packet write failed: Broken pipe\n',
      {},
      `The connection to ${URI} failed: packet write failed: Broken pipe.`,
    ],
    [
      'by ssh, with words of the server',
      `The gateway restarts.\nConnection closed by 192.0.2.1 port 22\n${STOCK}`,
      {},
      `The connection to ${URI} failed: Connection closed by 192.0.2.1 port 22 (The gateway restarts).`,
    ],
    ['by a signal', '', { status: null }, `git was ended by a signal while it talked to ${URI}.`],
    [
      'by curl, in HTTP/2',
      'error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)\nfatal: expected flush after ref listing\n',
      {},
      `The connection to ${URI} failed: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8).`,
    ],
  ])('%s is worth another attempt', (_name, stderr, more, message) => {
    expect(failure(stderr, more)).toEqual({ kind: 'cannot-connect', isWorthRetry: true, message });
  });
});

describe('a disk that is full', () => {
  it.each<[string, string]>([
    ["fatal: sha1 file 'x' write error. Out of diskspace\n", 'The disk is full'],
    [
      "error: cannot update ref 'refs/x': couldn't write '/tmp/x/refs/x.lock'\n",
      "couldn't write '/tmp/x/refs/x.lock')",
    ],
    ["error: couldn't write .git/shallow.lock\n", "(couldn't write .git/shallow.lock)"],
    ["fatal: could not write '/tmp/x/objects/pack/pack-1.promisor' promisor file\n", 'promisor file)'],
  ])('%s', (stderr, words) => {
    const { kind, message } = failure(stderr);
    expect(kind).toBe('disk-full');
    expect(message).toContain(words);
    expect(message).not.toContain(URI);
  });

  it('of the server is told apart', () => {
    expect(
      failure('remote: fatal: write error: No space left on device\nerror: remote unpack failed\n'),
    ).toMatchObject({
      kind: 'server-trouble',
      message: `The disk of the server of ${URI} is full; its operator must free some space.`,
    });
  });
});

describe('the words of a server', () => {
  it('are on one line, without colours, and fit into a sentence', () => {
    const words = remoteWords(
      `remote: \u001b[1;31mNo\u001b[0m\u0007 way\u2028!\r\nremote: ${'x'.repeat(1000)}\n`,
    );
    expect(words).toMatch(/^No way ! x+…$/);
    expect(words.length).toBeLessThanOrEqual(401);
  });

  it('are all in the debug log, but for progress, and within bounds', () => {
    const stderr = `remote: Counting objects: 100% (3/3), done.\nReceiving objects:  50% (1/2)\r\none\ntwo\n${STOCK}`;
    expect(debugLines(stderr)).toEqual(['one', 'two', ...STOCK.split('\n').filter((line) => line !== '')]);
    expect(debugLines('x\n'.repeat(10_000))).toHaveLength(61);
  });
});
