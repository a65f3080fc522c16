import { decodedPart, isHttp, type RepositoryUri } from '../../core/repository-uri.ts';
import type { RepositorySource } from '../../core/source/repository-source.ts';
import type { Log } from '../../runtime/log.ts';
import type { Mask } from '../../runtime/secret-mask.ts';
import { GitFailure } from '../failures/git-failure.ts';

/** Makes the log mask every secret that `source` brings. */
export function hideSecrets(source: RepositorySource, uri: RepositoryUri, mask: Mask): void {
  const { privateKey, privateKeyPassphrase, password, httpsTunnel } = source;
  mask.add(privateKey, privateKeyPassphrase, password, httpsTunnel?.password, ...secretsIn(uri));
  if (httpsTunnel?.password) mask.add(`${httpsTunnel.user ?? ''}:${httpsTunnel.password}`);
}

/** In an http URL the user can be a token as well. */
function secretsIn(uri: RepositoryUri): string[] {
  if (uri.kind !== 'url') return [];
  const parts = [...(isHttp(uri) && uri.user !== null ? [uri.user] : []), uri.password ?? ''];
  return [...parts, ...parts.map(decodedPart)];
}

/**
 * The source without line breaks at the end of names and passwords. Secret stores and `echo` add one, and no server,
 * nor git's own protocol for credentials, takes it for anything but the end of the line.
 */
export function withoutLineBreaks(source: RepositorySource, log: Log): RepositorySource {
  const tidy = <T extends string | null | undefined>(value: T, key: string): T | string => {
    if (typeof value !== 'string') return value;
    const text = value.replace(/[\r\n]+$/, '');
    if (/[\r\n]/.test(text)) {
      throw new GitFailure('wrong-credentials', `${key} of source has a line break in it; check the value.`);
    }
    if (text !== value)
      log.warn(
        `${key} of source ends with a line break, which is left out; remove it where the value is stored.`,
      );
    return text;
  };
  const { httpsTunnel } = source;
  return {
    ...source,
    username: tidy(source.username, 'username'),
    password: tidy(source.password, 'password'),
    privateKeyUser: tidy(source.privateKeyUser, 'private_key_user'),
    privateKeyPassphrase: tidy(source.privateKeyPassphrase, 'private_key_passphrase'),
    httpsTunnel: httpsTunnel && {
      ...httpsTunnel,
      user: tidy(httpsTunnel.user, 'https_tunnel.proxy_user'),
      password: tidy(httpsTunnel.password, 'https_tunnel.proxy_password'),
    },
  };
}
