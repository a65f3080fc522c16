import { Failure } from '../../core/failure.ts';

/** No trustworthy answer from a Concourse: what happened and what to do, in one sentence. */
export class AtcError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'AtcError';
  }
}

/** The same, where the whole run fails for it. */
export class ConcourseFailure extends Failure {
  constructor(sentences: string | readonly string[], options?: ErrorOptions) {
    super(sentences, options);
    this.name = 'ConcourseFailure';
  }
}

const UNREACHED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'cut the connection',
  EPIPE: 'cut the connection',
  ENOTFOUND: 'has a name that cannot be resolved',
  EAI_AGAIN: 'has a name that could not be resolved now',
  ENETUNREACH: 'is on a network that cannot be reached',
  EHOSTUNREACH: 'cannot be reached',
};

/** Waiting may help against these. Not against a timeout: whoever hangs once hangs again, and each costs a whole bound. */
export function isPassing(code: string): boolean {
  return code in UNREACHED;
}

export function describeUnreached(url: string, code: string, message: string, seconds: number): string {
  const known = UNREACHED[code];
  if (known !== undefined)
    return `${url} ${known} (${code}): check concourse.url, the network and the proxy.`;
  if (code === 'ETIMEDOUT')
    return `${url} gave no answer within ${seconds} seconds: check concourse.url and whether Concourse is healthy.`;
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|SIGNATURE/.test(code))
    return `The certificate of ${url} is not trusted (${code}): set ca_cert, or skip_ssl_verification if you must.`;
  return `${url} could not be asked (${code === '' ? message : `${code}: ${message}`}).`;
}
