import type { Bounds } from '../config.ts';
import type { AtcFailure, ConnectionProblem } from './atc-failure.ts';

const CONNECTION_PROBLEMS: Readonly<Record<string, ConnectionProblem>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  ENOTFOUND: 'unknown-name',
  EAI_AGAIN: 'name-lookup-failed',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
};

/** Codes of got that hide a connection that was cut in the middle of an answer. */
const BROKEN_OFF = ['ERR_READING_RESPONSE_STREAM', 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'];

/** What OpenSSL says when the first bytes that it receives are no TLS. */
const NO_TLS = ['wrong version number', 'packet length too long', 'http request', 'unknown protocol'];

export interface Connection {
  /** The forward proxy, without credentials; null where there is none. */
  readonly proxy: string | null;
  readonly hasCaCert: boolean;
  /** Of this request, in milliseconds. */
  readonly timeout: number;
  readonly bounds: Pick<Bounds, 'connect'>;
}

/** Why there was no response, by the error that got throws: the codes are those of Node, its TLS and its HTTP parser. */
export function transportFailure(error: unknown, connection: Connection): AtcFailure {
  const { proxy, hasCaCert, timeout, bounds } = connection;
  const { code, message, names, phase } = readError(error);
  const reason = CONNECTION_PROBLEMS[code];
  if (reason !== undefined) return { kind: 'not-connected', reason, code, proxy };
  if (code === 'ETIMEDOUT') {
    const milliseconds = phase === 'request' ? timeout : bounds.connect;
    return { kind: 'no-answer', seconds: milliseconds / 1000 };
  }
  const certificate = { kind: 'certificate', code, names, hasCaCert } as const;
  if (code === 'CERT_HAS_EXPIRED') return { ...certificate, problem: 'expired' };
  if (code === 'CERT_NOT_YET_VALID') return { ...certificate, problem: 'not-yet-valid' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { ...certificate, problem: 'other-host' };
  if (/^(?:UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE)/.test(code))
    return { ...certificate, problem: 'not-trusted' };
  if (code.startsWith('HPE_')) return { kind: 'not-http' };
  const said = opensslReason(message);
  if (said === null) return { kind: 'other', code, message: firstLine(message) };
  return NO_TLS.includes(said) ? { kind: 'not-tls' } : { kind: 'tls', reason: said };
}

interface ErrorParts {
  readonly code: string;
  readonly message: string;
  readonly names: string | null;
  /** What took too long: `request` stands for all of it, other words for a part of the connecting. */
  readonly phase: string;
}

function readError(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return { code: '', message: String(error), names: null, phase: '' };
  const { message, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const phase = 'event' in error && typeof error.event === 'string' ? error.event : '';
  return { code: BROKEN_OFF.includes(code) ? 'ECONNRESET' : code, message, names: namesOf(cause), phase };
}

/** `write EPROTO 40F7:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/…:78:` */
function opensslReason(message: string): string | null {
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? null;
}

/** The subject's alternative names (`DNS:a.example.com, DNS:b.example.com`), by Node's error about another host. */
function namesOf(cause: unknown): string | null {
  const certificate = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'cert') : undefined;
  const names =
    typeof certificate === 'object' && certificate !== null
      ? Reflect.get(certificate, 'subjectaltname')
      : undefined;
  if (typeof names !== 'string') return null;
  const list = names.split(', ').map((name) => name.replace(/^(?:DNS|IP Address):/, ''));
  return list.length > 3 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
