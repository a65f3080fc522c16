import { parseUri, sshAddress } from '../../core/repository-uri.ts';
import type { RepositorySource } from '../../core/source/repository-source.ts';
import type { Access, AccessTools } from './access.ts';
import { hideSecrets, withoutLineBreaks } from './credentials.ts';
import { httpAccess } from './http-access.ts';
import { sshAccess } from './ssh-access.ts';

/** Throws a `GitFailure` where a key or an account in `source` cannot be used, before anything is contacted. */
export async function openAccess(given: RepositorySource, tools: AccessTools): Promise<Access> {
  const uri = parseUri(given.uri);
  hideSecrets(given, uri, tools.mask);
  const source = withoutLineBreaks(given, tools.log);
  const address = sshAddress(uri);
  return address === null ? httpAccess(source, uri, tools) : await sshAccess(source, address, tools);
}
