import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import { httpOrigin, type RepositoryUri } from '../../core/repository-uri.ts';
import { GitFailure } from '../failures/git-failure.ts';

/** Milliseconds. */
const PATIENCE = 10_000;

/**
 * A failure of TLS with the reason that the certificate itself gives: the libraries that git is built with tell less,
 * and each tells it differently. Nothing is sent to the server, and what is learnt is trusted by nobody.
 */
export async function explainCertificate(
  failure: GitFailure,
  uri: RepositoryUri,
  { https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY }: NodeJS.ProcessEnv,
): Promise<GitFailure> {
  // Behind a proxy another host would be asked than the one that git reached.
  const isProxied = [https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY].some(Boolean);
  if (uri.kind !== 'url' || uri.scheme !== 'https' || isProxied) return failure;
  const shown = await askCertificate(uri.host, Number(uri.port ?? 443));
  const sentence = shown && sentenceFor(shown, uri.host, httpOrigin(uri) ?? uri.host);
  return sentence ? new GitFailure('tls', sentence) : failure;
}

function askCertificate(host: string, port: number): Promise<PeerCertificate | null> {
  return new Promise((resolve) => {
    // An address is no name for SNI.
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, rejectUnauthorized: false, ...servername }, () =>
      finish(socket.getPeerCertificate()),
    );
    const finish = (shown: PeerCertificate | null) => {
      socket.destroy();
      resolve(shown);
    };
    socket.setTimeout(PATIENCE, () => finish(null));
    socket.on('error', () => finish(null));
  });
}

/** Null where the certificate itself is in order, so that whoever signed it is not trusted. */
function sentenceFor(certificate: PeerCertificate, host: string, origin: string): string | null {
  const from = Date.parse(certificate.valid_from);
  const to = Date.parse(certificate.valid_to);
  const now = Date.now();
  if (to < now) return `The TLS certificate of ${origin} expired on ${dayOf(to)}; renew it on the server.`;
  if (from > now)
    return `The TLS certificate of ${origin} is only valid from ${dayOf(from)}; check the clocks of the server and of this machine.`;
  if (checkServerIdentity(host, certificate) === undefined) return null;
  return `The TLS certificate of ${origin} is for another host (${namesIn(certificate)}); use one of its names in uri, or give the server a certificate for this one.`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function namesIn({ subjectaltname = '', subject }: PeerCertificate): string {
  const names = subjectaltname.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  const shown = names.filter((name) => name !== '').slice(0, 5);
  return shown.join(', ') || String(subject?.CN ?? 'it names none');
}
