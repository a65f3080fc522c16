import { GitFailure } from '../failures/git-failure.ts';
import { notAKey, type ReadKey } from './private-key.ts';

/**
 * The key as OpenSSH takes it, whatever YAML and secret stores have done to its line breaks: indents, carriage
 * returns, blanks or a literal `\n` in their place, or none at all. Only base64 stands between the two markers, so
 * all of these are unambiguous. Throws a `GitFailure` for what is no private key at first sight.
 */
export async function readKey(pasted: string, passphrase: string | null): Promise<ReadKey> {
  const given = pasted.replace(/\\r\\n|\\n|\r\n?/g, '\n');
  if (/PUBLIC KEY-----/.test(given) || /^\s*(ssh-|ecdsa-|sk-)/.test(given)) {
    throw new GitFailure('not-a-private-key', 'private_key is a public key: give the private one.');
  }
  const text = tidyKey(given);
  if (!/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text)) return { text, passphrase };
  // Loaded only for such a key: node:crypto takes a fifth of the time of an empty program.
  const { fromPkcs8 } = await import('./pkcs8-key.ts');
  return fromPkcs8(text, passphrase);
}

function tidyKey(text: string): string {
  const [, begin, inner] = /(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)(.*)$/s.exec(text) ?? [];
  if (begin === undefined || inner === undefined) throw notAKey(whyNotAKey(text));
  const [, content, end] = /^(.*?)(-----END [A-Z0-9 ]*PRIVATE KEY-----)/s.exec(inner) ?? [];
  if (content === undefined || end === undefined) throw notAKey('its end is missing');
  // An encrypted PEM key has two headers, and a blank line below them that is part of it.
  const [, type, cipher, rest] = /^\s*Proc-Type:\s*(\S+)\s+DEK-Info:\s*(\S+)\s+(.*)$/s.exec(content) ?? [];
  const base64 = (rest ?? content).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw notAKey('it contains something other than base64');
  const headers = type === undefined ? [] : [`Proc-Type: ${type}`, `DEK-Info: ${cipher}`, ''];
  return `${[begin, ...headers, ...(base64.match(/.{1,64}/g) ?? []), end].join('\n')}\n`;
}

function whyNotAKey(text: string): string {
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return decoded.startsWith('-----BEGIN')
    ? 'it is the base64 of a key; give the key itself'
    : 'it does not start with a key header';
}
