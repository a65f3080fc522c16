import { decodedPart, httpOrigin, type RepositoryUri, shownUri } from '../../core/repository-uri.ts';
import type { GitSetting, RepositorySource } from '../../core/source/repository-source.ts';
import type { Access, AccessTools } from './access.ts';

/** Answers git's question for a password from variables, so that it stands in no argument, URL or file. */
const HELPER =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$POOL_BOY_USERNAME" "$POOL_BOY_PASSWORD"; }; f';

/** The account for an http URL, a git URL or a path; the last two take none. */
export function httpAccess(
  source: RepositorySource,
  uri: RepositoryUri,
  { mask, log, outer }: AccessTools,
): Access {
  const url = shownUri(source.uri);
  const settings: GitSetting[] = [];
  if (source.skipSslVerification) settings.push({ name: 'http.sslVerify', value: 'false' });
  const explain: Access['explain'] = async (failure) => {
    if (failure.kind !== 'tls') return failure;
    // Loaded only for a certificate that was refused: node:tls takes a quarter of the time of an empty program.
    const { explainCertificate } = await import('./certificate-probe.ts');
    return explainCertificate(failure, uri, outer);
  };
  const access: Access = { url, environment: {}, settings, agent: agentOf(outer), explain };
  const origin = httpOrigin(uri);
  const { username, password } = accountOf(source, uri, (user) =>
    log.warn(`uri names the user ${user}, which takes precedence over username of source.`),
  );
  if (origin === null || (!username && !password)) return access;
  mask.add(password, `${username ?? ''}:${password ?? ''}`);
  // An empty value removes the helpers of others; ours answers for this host only, wherever a redirect leads.
  settings.push({ name: 'credential.helper', value: '' });
  settings.push({ name: `credential.${origin}.helper`, value: HELPER });
  // Git 2.46 and newer then sends the account at once, and saves the request that is answered by 401. Not without
  // TLS, where the server may ask for a way that does not send the password as it is.
  const isChosen = source.gitConfig.some(({ name }) => name.toLowerCase() === 'http.proactiveauth');
  if (password && uri.kind === 'url' && uri.scheme === 'https' && !isChosen)
    settings.push({ name: `http.${origin}/.proactiveAuth`, value: 'basic' });
  const environment = { POOL_BOY_USERNAME: username || 'git', POOL_BOY_PASSWORD: password ?? '' };
  return { ...access, environment };
}

/** An agent of the user's, for commits that are signed. */
export function agentOf({ SSH_AUTH_SOCK: socket }: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return socket === undefined ? {} : { SSH_AUTH_SOCK: socket };
}

/** What the URL names takes precedence, as for git; what it leaves out comes from `source`. */
function accountOf(
  { username, password }: RepositorySource,
  uri: RepositoryUri,
  onTwoUsers: (user: string) => void,
) {
  const [user, secret] = uri.kind === 'url' ? [uri.user, uri.password] : [null, null];
  const name = user === null ? null : decodedPart(user);
  if (name !== null && username && username !== name) onTwoUsers(name);
  return {
    username: name ?? username ?? null,
    password: secret === null ? (password ?? null) : decodedPart(secret),
  };
}
