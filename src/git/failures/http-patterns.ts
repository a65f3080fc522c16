import { httpOrigin, parseUri, shownUri } from '../../core/repository-uri.ts';
import { inBrackets, type MessagePattern, notAllowed, ownLine } from './message-pattern.ts';
import { remoteWords } from './remote-words.ts';

/** A place that a redirect leads to, without what its query may say about us. */
function target(url: string): string {
  return shownUri(url).replace(/[?#].*$/s, '');
}

/** For a server that answers, but not as git. */
export function notGit(uri: string): string {
  return `${uri} answers with something other than git, such as a web page; check uri, and whether a login page is in front of it.`;
}

/**
 * A TLS error without the names of OpenSSL's functions: `error:0A00010B:SSL routines::wrong version number`,
 * `error:1408F10B:SSL routines:ssl3_get_record:wrong version number`.
 */
function tlsWords(line: string): string {
  return ownLine(
    line.replace(/error:[0-9A-F]{8}:[^:]*:[^:]*:(?=\S)/gi, '').replace(/^OpenSSL\/[\d.]+: /, ''),
  );
}

/** What curl and git's HTTP transport say, and TLS below them. */
export const HTTP_PATTERNS: readonly MessagePattern[] = [
  {
    pattern:
      /unable to update url base from redirection:\s+asked for: \S+\s+redirect: (\S+)|warning: redirecting to (\S+)[\s\S]*not valid: is this a git repository\?/,
    kind: 'credentials-needed',
    sentence: ({ uri }, [, refused, followed = '']) =>
      `${uri} redirects to ${target(refused ?? followed)}, which is not a git repository but may be a login page; check uri, and username and password.`,
  },
  {
    pattern:
      /Could not resolve proxy[^\n]*|Proxy CONNECT aborted|CONNECT tunnel failed[^\n]*|HTTP code \d+ from proxy[^\n]*|requested URL returned error: 407/,
    kind: 'proxy',
    sentence: ({ uri }, [words]) => `The HTTP proxy does not let git through to ${uri}: ${ownLine(words)}.`,
  },
  {
    pattern: /could not read (?:Username|Password)(?: for '([^']*)')?/,
    kind: 'credentials-needed',
    sentence: ({ uri }, [, asking = '']) => {
      const [here, there] = [uri, asking].map((one) => httpOrigin(parseUri(one)));
      return here === null || there == null || here === there
        ? `${uri} asks for an account; set username and password.`
        : `${uri} redirects to ${there}, which asks for an account; username and password are given to no other host, so set uri to the final address.`;
    },
  },
  {
    pattern: /Authentication failed for|Invalid username or (?:password|token)|HTTP Basic: Access denied/i,
    kind: 'wrong-credentials',
    sentence: ({ uri }, _match, stderr) => {
      const words = remoteWords(stderr);
      const said = words === '' || /^HTTP Basic/.test(words) ? '' : ` (${words})`;
      return `${uri} does not accept username and password${said}; check them.`;
    },
  },
  {
    pattern: /non-properly terminated|(?:GnuTLS recv error|SSL_read)[^\n]*/,
    kind: 'cannot-connect',
    sentence: ({ uri }) => `The connection to ${uri} was cut; try again.`,
  },
  {
    pattern: /certificate has expired|certificate expiration date has passed/i,
    kind: 'tls',
    sentence: ({ uri }) => `The TLS certificate of ${uri} has expired; renew it on the server.`,
  },
  {
    pattern: /certificate subject name[^\n]*|no alternative certificate subject name matches[^\n]*/i,
    kind: 'tls',
    sentence: ({ uri }, [words]) =>
      `The TLS certificate of ${uri} is for another host (${tlsWords(words)}); use a name in uri that the certificate has.`,
  },
  {
    pattern:
      /SSL certificate problem[^\n]*|server (?:certificate )?verification failed[^\n]*|unable to get local issuer certificate/i,
    kind: 'tls',
    sentence: ({ uri }, [words]) =>
      `The TLS certificate of ${uri} is not trusted (${tlsWords(words)}); set http.sslCAInfo in git_config, or skip_ssl_verification.`,
  },
  {
    // What a server that speaks plain HTTP on this port looks like, to OpenSSL and to GnuTLS.
    pattern: /wrong version number|unexpected TLS packet was received|packet length too long/i,
    kind: 'tls',
    sentence: ({ uri }) =>
      `${uri} does not speak TLS on this port; use http:// in uri, or the port for https.`,
  },
  {
    pattern: /(?:unable to access '[^']*': |RPC failed; )([^\n]*(?:SSL|TLS|gnutls)[^\n]*)/i,
    kind: 'tls',
    sentence: ({ uri }, [, words = '']) => `No TLS connection to ${uri} could be made: ${tlsWords(words)}.`,
  },
  {
    pattern: /Received HTTP\/0\.9 when not allowed|Unsupported protocol in response|Weird server reply/i,
    kind: 'cannot-connect',
    sentence: ({ uri }) =>
      `The server at ${uri} does not speak HTTP on this port; check the port and https in uri.`,
  },
  {
    pattern:
      /not valid: is this a git repository\?|protocol error: expected service, got|invalid content-type/i,
    kind: 'no-repository',
    sentence: ({ uri }) => notGit(uri),
  },
];

/** The status of an answer, for what the words in it do not explain. */
export const STATUS_PATTERNS: readonly MessagePattern[] = [
  {
    pattern: /requested URL returned error: 403|service not enabled/i,
    kind: notAllowed,
    sentence: ({ uri, isPush = false }, _match, stderr) =>
      isPush
        ? `${uri} does not let this account push${inBrackets(stderr)}; give it the right to write.`
        : `${uri} does not let this account read${inBrackets(stderr)}; give it the right to read.`,
  },
  {
    pattern: /requested URL returned error: (?:429|5\d\d)/,
    kind: 'server-trouble',
    sentence: ({ uri }, [words], stderr) =>
      `${uri} cannot serve this at the moment: the ${words}${inBrackets(stderr)}.`,
  },
  {
    pattern: /requested URL returned error: (?!404)\d{3}/,
    kind: 'refused',
    sentence: ({ uri }, [words], stderr) => `${uri} refused: the ${words}${inBrackets(stderr)}; check uri.`,
  },
];
