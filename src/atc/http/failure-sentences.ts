import type { AtcFailure, ConnectionProblem, Sender } from './atc-failure.ts';

/** One sentence for people: what went wrong at this Concourse, who said so, and what to do. `url`: see `shownUrl`. */
export function describeFailure(url: string, failure: AtcFailure): string {
  switch (failure.kind) {
    case 'not-connected':
      return describeNotConnected(url, failure);
    case 'no-answer':
      return `${url} gave no answer within ${failure.seconds} seconds: check concourse.url and whether Concourse is healthy.`;
    case 'certificate':
      return describeCertificate(url, failure);
    case 'not-tls':
      return `${url} does not speak TLS on that port: correct the port in concourse.url, or set http:// if Concourse serves no HTTPS.`;
    case 'tls':
      return `The TLS handshake with ${url} failed (${failure.reason}): check concourse.url and the TLS settings of the server.`;
    case 'not-http':
      return `${url} does not speak HTTP on that port: correct the port in concourse.url, or set https:// if Concourse serves HTTPS.`;
    case 'other':
      return `The request to ${url} failed (${[failure.code, failure.message].filter(Boolean).join(': ')}).`;
    case 'proxy-is-no-url':
      return `${failure.variable} is not the URL of an HTTP proxy: set it to http://HOST:PORT.`;
    case 'proxy-login-not-encoded':
      return `${failure.variable} has a user or a password with a % that encodes nothing: write it as %25.`;
    case 'proxy-requires-login': {
      const proxy = failure.proxy === null ? `A proxy on the way to ${url}` : `The proxy ${failure.proxy}`;
      return failure.hasLogin
        ? `${proxy} rejects the user and password that the proxy's variable has (407): correct them.`
        : `${proxy} requires a login (407): set the proxy's variable to http://USER:PASSWORD@HOST:PORT.`;
    }
    case 'tunnel-refused':
      return `The proxy ${failure.proxy} refuses a connection to ${url} (${[failure.status, failure.reason].join(' ').trim()}): ask its operator to permit it, or add the host to no_proxy.`;
    case 'too-large':
      return `${url} answers with more than ${failure.bytes} bytes: check concourse.url.`;
    case 'redirect':
      return describeRedirect(url, failure.location);
    case 'rate-limited': {
      const pause = failure.retryAfter === null ? '' : `, and asks to wait ${failure.retryAfter} seconds`;
      return `${senderOf(url, failure.sender)} limits the rate of requests (429 to ${failure.path}${pause}): run again later, or ask its operator for a higher limit.`;
    }
    case 'status':
      return describeStatus(url, failure.status, failure.path, failure.sender);
    case 'not-json':
      return `${url} returned a non-JSON response for ${failure.path}: ${CHECK_URL}`;
    case 'unknown-shape': {
      const at = failure.at === '' ? '' : ` (at ${failure.at})`;
      return `${url} returned JSON of an unknown shape for ${failure.path}${at}: ${CHECK_URL}`;
    }
    case 'list-missing':
      return `${url} answers 404 to a list request that must exist: check the ATC's log, its database may be failing.`;
    case 'wrong-password':
      return `${url} refuses the password of ${failure.username}: check concourse.username and concourse.password.`;
    case 'no-local-users':
      return `${url} has no local users, so a password cannot log in: add a local user, or set concourse.token.`;
    case 'no-token-endpoint':
      return `${url} offers no login for a password (404): check concourse.url.`;
    case 'foreign-token-endpoint':
      return `The token endpoint of ${url} does not know the client fly (${failure.status} invalid_client), as every Concourse does: check concourse.url.`;
    case 'not-a-token':
      return `${url} answers the login with something other than a token: check concourse.url.`;
    case 'login-refused':
      return `${url} refuses the login of ${failure.username} (${failure.status}: ${failure.words}).`;
    case 'token-rejected':
      return `${url} rejects the token, which may have expired: ${newToken(failure.renewWith)}`;
    case 'token-expired':
      return failure.username === null
        ? `The token for ${url} expired during the run: ${newToken(failure.renewWith)}`
        : `The token that ${url} gave to ${failure.username} expired during the run, and nothing was decided with it: run again.`;
    case 'new-token-rejected':
      return `${url} rejects the token that it gave to ${failure.username} a moment ago: check whether several Concourses share this address.`;
    case 'info-needs-login':
      return `${url} answers 401 to /api/v1/info, which needs no login: ${CHECK_URL}`;
    case 'clocks-differ':
      return `The clock here and that of ${url} are ${failure.seconds} seconds apart, so ages mean nothing: set the one that is wrong.`;
  }
}

const CHECK_URL = 'check concourse.url and the proxy in front of it.';

const NOT_CONNECTED: Readonly<Record<ConnectionProblem, string>> = {
  refused: 'refused the connection',
  cut: 'cut the connection',
  'unknown-name': 'has a name that cannot be resolved',
  'name-lookup-failed': 'has a name that could not be resolved now',
  unreachable: 'cannot be reached',
};

function describeNotConnected(
  url: string,
  { reason, code, proxy }: AtcFailure & { kind: 'not-connected' },
): string {
  const what = `${NOT_CONNECTED[reason]} (${code})`;
  if (proxy === null) return `${url} ${what}: check concourse.url, the network and the proxy.`;
  // Every connection goes to the proxy; only one that is cut may have been cut behind it.
  const who = reason === 'cut' ? `The proxy ${proxy}, or ${url} behind it,` : `The proxy ${proxy}`;
  return `${who} ${what}: check the proxy's variable, the network and concourse.url.`;
}

function describeCertificate(
  url: string,
  { problem, code, names, hasCaCert }: AtcFailure & { kind: 'certificate' },
): string {
  switch (problem) {
    case 'not-trusted':
      return hasCaCert
        ? `The certificate of ${url} is not trusted (${code}), also not by ca_cert: set ca_cert to the certificate of the authority that signed it.`
        : `The certificate of ${url} is not trusted (${code}): set ca_cert, or skip_ssl_verification if you must.`;
    case 'expired':
      return `The certificate of ${url} has expired: renew it on the server; ca_cert does not help.`;
    case 'not-yet-valid':
      return `The certificate of ${url} is not valid yet: check the clock here and the certificate on the server; ca_cert does not help.`;
    case 'other-host':
      return `The certificate of ${url} is for another host${names === null ? '' : ` (${names})`}: set concourse.url to a name that it is for, or replace the certificate; ca_cert does not help.`;
  }
}

/** No redirect is followed: it would carry the password or the token to whatever host it names. */
function describeRedirect(url: string, location: string | null): string {
  const from = new URL(url);
  const to = location === null ? null : URL.parse(location, url);
  if (to === null) return `${url} answers with a redirect that leads nowhere: ${CHECK_URL}`;
  if (to.hostname === from.hostname && from.protocol === 'http:' && to.protocol === 'https:')
    return `${url} redirects to HTTPS: set concourse.url to https://${to.host}${from.pathname.replace(/\/+$/, '')}.`;
  const target = to.host === from.host ? `${to.host}${to.pathname}` : to.host;
  return `${url} redirects to ${target}, and Pool Boy follows no redirect: set concourse.url to Concourse's own URL.`;
}

function describeStatus(url: string, status: number, path: string, sender: Sender): string {
  const answer = `${senderOf(url, sender)} answers ${status} to ${path}`;
  switch (sender.kind) {
    case 'atc':
      return status >= 500
        ? `${answer}: check the ATC's log.`
        : `${answer}, which no ATC should: check the version of Concourse.`;
    case 'somebody-else':
      // So do servers of HTTPS answer to plain HTTP.
      return status === 400 && url.startsWith('http:')
        ? `${answer}, not Concourse: set https:// in concourse.url if that port serves HTTPS, else ${CHECK_URL}`
        : `${answer}, not Concourse: ${CHECK_URL}`;
    case 'unknown':
      return `${answer}: check the ATC's log, and the proxy in front of it.`;
  }
}

function senderOf(url: string, sender: Sender): string {
  const { kind, proxy } = sender;
  switch (kind) {
    case 'atc':
      return url;
    case 'unknown':
      return proxy === null ? url : `${url}, or the proxy ${proxy} on the way to it,`;
    case 'somebody-else':
      return proxy === null
        ? `A server in front of ${url} or in its place`
        : `The proxy ${proxy} or a server behind it, on the way to ${url},`;
  }
}

function newToken(renewWith: string | null): string {
  return renewWith === null
    ? 'set a new concourse.token, or a username and password.'
    : `log in again with: ${renewWith}`;
}
