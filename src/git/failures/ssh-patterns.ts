import { inBrackets, type MessagePattern } from './message-pattern.ts';
import { shortened } from './remote-words.ts';

/** The option of ssh that allows what it refuses by default, by what OpenSSH calls it. */
const OPTIONS: Readonly<Record<string, string>> = {
  'host key type': 'HostKeyAlgorithms',
  'key exchange method': 'KexAlgorithms',
  cipher: 'Ciphers',
  MAC: 'MACs',
};

function setCommand(option: string): string {
  return `in git_config set core.sshCommand to: ssh -o ${option}`;
}

/** What ssh says before a server has said anything. */
export const SSH_PATTERNS: readonly MessagePattern[] = [
  {
    pattern: /no matching (host key type|key exchange method|cipher|MAC) found\. Their offer: (\S+)/,
    kind: 'no-common-algorithm',
    sentence: ({ uri }, [, what = '', offer = '']) => {
      // The last two are no algorithms, but announce extensions.
      const offered = offer.split(',').filter((name) => !/^(kex-strict-|ext-info-)/.test(name));
      return `${uri} offers no ${what} that OpenSSH accepts by default, only ${offered.join(',')}; update the server, or ${setCommand(`${OPTIONS[what]}=+${offered[0]}`)}.`;
    },
  },
  {
    pattern: /no mutual signature (?:algorithm|supported)/,
    kind: 'no-common-algorithm',
    sentence: ({ uri }) =>
      `${uri} accepts only signatures of RSA keys with SHA-1, which OpenSSH refuses by default; use an ed25519 key, or ${setCommand('PubkeyAcceptedAlgorithms=+ssh-rsa')}.`,
  },
  {
    pattern: /Bad server host key: Invalid key length/,
    kind: 'no-common-algorithm',
    sentence: ({ uri }) =>
      `The RSA host key of ${uri} is shorter than OpenSSH accepts by default; make a new one on the server, or ${setCommand('RequiredRSASize=1024')}.`,
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED[\s\S]*?(SHA256:[A-Za-z0-9+/=]+)/,
    kind: 'changed-host-key',
    sentence: ({ uri }, [, fingerprint]) =>
      `The host of ${uri} shows another key (${fingerprint}) than the known one: possible man-in-the-middle; if the key was changed on purpose, set known_hosts.`,
  },
  {
    pattern: /No \S+ host key is known for (\S+)|Host key verification failed/,
    kind: 'unknown-host',
    sentence: ({ uri }, [, host]) =>
      `The host key of ${host ?? uri} is not known, so the server's identity cannot be verified; set known_hosts.`,
  },
  {
    pattern: /^The proxy (.+)$/m,
    kind: 'proxy',
    sentence: (_context, [, words = '']) =>
      `The proxy of https_tunnel, ${shortened(words)}; check https_tunnel.`,
  },
  {
    pattern:
      /Permission denied \((?:publickey|[a-z,-]*publickey[a-z,-]*)\)|Too many authentication failures|Public key authentication failed|SSH key has expired|Invalid key ID/,
    kind: 'wrong-key',
    sentence: ({ uri }, _match, stderr) =>
      `${uri} accepts no key that was offered${/Permission denied/.test(stderr) ? '' : inBrackets(stderr)}; set private_key to one that it knows.`,
  },
  {
    // The first four bytes of a packet are its length: something else is what a login script printed.
    pattern: /protocol error: bad line length character: (.*)/,
    kind: 'refused',
    sentence: ({ uri }, [, start = ''], stderr) =>
      `${uri} does not answer as a git server: its answer starts with ${JSON.stringify(start)}${inBrackets(stderr)}; check whether a login script of that account prints something.`,
  },
];
