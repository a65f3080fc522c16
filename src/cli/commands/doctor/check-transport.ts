import { isHttp, parseUri, sshAddress } from '../../../core/repository-uri.ts';
import type { ConcourseSource } from '../../../core/source/concourse-source.ts';
import type { RepositorySource } from '../../../core/source/repository-source.ts';
import type { Source } from '../../../core/source/source.ts';
import { type Finding, shellWord, warning } from './finding.ts';

/** Connections over which somebody in between could read a secret, or answer in place of the server. */
export function checkTransport({ repository, concourses, pushGateway }: Source): Finding[] {
  return [...ofRepository(repository), ...concourses.flatMap(ofConcourse), ...ofGateway(pushGateway)];
}

function ofRepository(repository: RepositorySource): Finding[] {
  const uri = parseUri(repository.uri);
  const ssh = sshAddress(uri);
  if (ssh !== null && repository.skipHostKeyCheck) {
    return [
      warning(
        `The host key of ${ssh.host} is not checked, so whoever answers under that name gets the commits.`,
        `ssh-keyscan ${shellWord(ssh.host)} # compare with what the host publishes, put it into known_hosts, and remove skip_host_key_check`,
      ),
    ];
  }
  if (uri.kind !== 'url' || !isHttp(uri)) return [];
  const hasAccount = repository.password !== null || uri.password !== null || uri.user !== null;
  if (uri.scheme === 'http' && hasAccount && !isThisMachine(uri.host))
    return [plainHttp(`The password for the repository on ${uri.host}`, 'uri')];
  if (uri.scheme === 'https' && repository.skipSslVerification) {
    return [
      warning(
        `The certificate of ${uri.host} is not checked, so whoever answers under that name gets the password and the commits.`,
        'remove skip_ssl_verification; git trusts a CA of your own through http.sslCAInfo in git_config',
      ),
    ];
  }
  return [];
}

function ofConcourse({ url, login, skipSslVerification }: ConcourseSource): Finding[] {
  const parsed = URL.parse(url);
  if (parsed === null) return [];
  if (parsed.protocol === 'http:' && login.kind !== 'none' && !isThisMachine(parsed.hostname))
    return [
      plainHttp(
        `The ${login.kind === 'token' ? 'token' : 'password'} for Concourse on ${parsed.host}`,
        'concourse.url',
      ),
    ];
  if (parsed.protocol === 'https:' && skipSslVerification) {
    return [
      warning(
        `The certificate of ${url} is not checked, so whoever answers under that name gets the password, and decides which builds seem alive.`,
        'set concourse.ca_cert instead of concourse.skip_ssl_verification',
      ),
    ];
  }
  return [];
}

/** As for the gateway itself, a value without a scheme is http. */
function ofGateway(gateway: string | null): Finding[] {
  if (gateway === null) return [];
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(gateway) ? gateway : `http://${gateway}`);
  if (url?.protocol !== 'http:' || url.password === '' || isThisMachine(url.hostname)) return [];
  return [plainHttp(`The password for the push gateway on ${url.host}`, 'prometheus_push_gateway')];
}

function plainHttp(what: string, key: string): Finding {
  return warning(
    `${what} is sent over plain http, so everybody on the way can read it.`,
    `set ${key} to an https:// URL`,
  );
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}
