import { httpOrigin, parseUri } from '../../core/repository-uri.ts';
import type { GitProblem, RemoteContext } from './git-failure.ts';
import { serverWords } from './server-words.ts';

export interface MessagePattern {
  readonly pattern: RegExp;
  readonly kind: GitProblem | ((context: RemoteContext) => GitProblem);
  readonly sentence: (context: RemoteContext, match: RegExpExecArray, stderr: string) => string;
}

const notAllowed = ({ isPush = false }: RemoteContext): GitProblem =>
  isPush ? 'not-allowed-to-push' : 'not-allowed-to-read';

const refusesAccess: MessagePattern['sentence'] = ({ uri, isPush = false }, _match, stderr) => {
  const words = serverWords(stderr);
  const said = words === '' ? '' : ` (${words})`;
  return isPush
    ? `${uri} does not let this account push${said}; give it the right to write.`
    : `${uri} does not let this account read${said}; give it the right to read.`;
};

/** What git, ssh and servers say, the most telling first: git repeats a cause in ever more general words. */
export const MESSAGE_PATTERNS: readonly MessagePattern[] = [
  {
    // Of this machine's disk: what the server says of its own comes behind `remote: `.
    pattern:
      /^(?!remote: ).*(?:No space left on device|Disk quota exceeded|Out of diskspace|couldn't write|could not write [^\n]*promisor file)/m,
    kind: 'disk-full',
    sentence: () =>
      'The disk is full: git could not write its clone of the repository; free some space, or set TMPDIR to a folder with more.',
  },
  {
    pattern: /cannot run ssh|ssh: (?:command )?not found/,
    kind: 'no-openssh',
    sentence: () => `The program ssh could not be started; install OpenSSH's client.`,
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED[\s\S]*?(SHA256:[A-Za-z0-9+/=]+)/,
    kind: 'changed-host-key',
    sentence: ({ uri }, [, fingerprint]) =>
      `The host of ${uri} shows another key (${fingerprint}) than the one that is known: somebody may be in between; if the key was changed on purpose, set known_hosts.`,
  },
  {
    pattern: /No \S+ host key is known for (\S+)|Host key verification failed/,
    kind: 'unknown-host',
    sentence: ({ uri }, [, host]) =>
      `The host key of ${host ?? uri} is not known, so nobody can tell who answers there; set known_hosts.`,
  },
  {
    pattern: /^The proxy (.+)$/m,
    kind: 'proxy',
    sentence: (_place, [, words]) => `The proxy of https_tunnel, ${words}; check https_tunnel.`,
  },
  {
    pattern:
      /Could not resolve proxy[^\n]*|Proxy CONNECT aborted|CONNECT tunnel failed[^\n]*|HTTP code \d+ from proxy[^\n]*/,
    kind: 'proxy',
    sentence: ({ uri }, [words]) => `The HTTP proxy does not let git through to ${uri}: ${words}.`,
  },
  {
    pattern: /Permission denied \((publickey|[a-z,-]*publickey[a-z,-]*)\)|Too many authentication failures/,
    kind: 'wrong-key',
    sentence: ({ uri, key = null }) =>
      key === null
        ? `${uri} accepts no key that was offered; set private_key to one that it knows.`
        : `${uri} does not accept private_key (${key.type} ${key.fingerprint}); add its public half there, or set another one.`,
  },
  {
    pattern:
      /marked as read[ -]only|key is read-only|does not support push|does not have write access|deploy key .* (?:read|write)|Write access to repository not granted/i,
    kind: 'not-allowed-to-push',
    sentence: refusesAccess,
  },
  {
    pattern: /could not read (?:Username|Password)(?: for '([^']*)')?/,
    kind: 'credentials-needed',
    sentence: ({ uri }, [, asking = '']) => {
      const [here, there] = [uri, asking].map((one) => httpOrigin(parseUri(one)));
      return here === null || there == null || here === there
        ? `${uri} asks for an account; set username and password.`
        : `${uri} leads to ${there}, which asks for an account; username and password are given to no other host, so set uri to where it leads.`;
    },
  },
  {
    pattern: /Authentication failed for|Invalid username or (?:password|token)|HTTP Basic: Access denied/i,
    kind: 'wrong-credentials',
    sentence: ({ uri }) => `${uri} does not accept username and password; check them.`,
  },
  {
    pattern: /non-properly terminated|(?:GnuTLS recv error|SSL_read)[^\n]*/,
    kind: 'cannot-connect',
    sentence: ({ uri }) => `The connection to ${uri} broke off; try again.`,
  },
  {
    pattern:
      /SSL certificate problem[^\n]*|server certificate verification failed[^\n]*|certificate subject name[^\n]*/i,
    kind: 'tls',
    sentence: ({ uri }, [words]) =>
      `The TLS certificate of ${uri} is not trusted (${words.replace(/[. ]+$/, '')}); set http.sslCAInfo in git_config, or skip_ssl_verification.`,
  },
  {
    pattern: /(?:SSL|TLS|gnutls)[^\n]*(?:handshake|alert|error|wrong version)[^\n]*/i,
    kind: 'tls',
    sentence: ({ uri }, [words]) => `No TLS connection to ${uri} could be made: ${words.trim()}.`,
  },
  {
    pattern: /couldn't find remote ref/,
    kind: 'no-branch',
    sentence: ({ uri, branch }) => `${uri} has no branch ${branch}; set branch to one that is there.`,
  },
  {
    pattern:
      /requested URL returned error: 403|Permission to \S+ denied|not allowed to (?:push|download|pull)|insufficient permission|access denied|service not enabled/i,
    kind: notAllowed,
    sentence: refusesAccess,
  },
  {
    pattern:
      /does not appear to be a git repository|repository '?.*'? ?(?:not found|does not exist)|project you were looking for could not be found|not a git repository|requested URL returned error: 404/i,
    kind: 'no-repository',
    sentence: ({ uri }) =>
      `There is no git repository at ${uri}, or the given account may not see it; check uri and the credentials.`,
  },
  {
    pattern: /requested URL returned error: (?:429|5\d\d)/,
    kind: 'server-trouble',
    sentence: ({ uri }, [words]) => `${uri} is in trouble: the ${words}.`,
  },
  {
    pattern: /timed out|Operation too slow|Timeout, server [^\n]* not responding/i,
    kind: 'timed-out',
    sentence: ({ uri }) => `${uri} did not answer in time; try again, or look at the server.`,
  },
  {
    pattern:
      /(?:Could not resolve host|Failed to connect|Connection refused|Network is unreachable|No route to host|unable to connect|Couldn't connect|Connection reset|Connection closed|kex_exchange_identification|hung up|early EOF|unexpected disconnect|RPC failed|Empty reply)[^\n]*/i,
    kind: 'cannot-connect',
    sentence: ({ uri }, [words]) => `The connection to ${uri} failed: ${words.trim().replace(/\.$/, '')}.`,
  },
];
