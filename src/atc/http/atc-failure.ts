/** Why a Concourse gave no usable answer. `proxy`: the forward proxy that is in use, without credentials. */
export type AtcFailure =
  | ConnectionFailure
  | ProxyFailure
  | AnswerFailure
  | LoginFailure
  /** Seconds between the ATC's clock and ours. */
  | { readonly kind: 'clocks-differ'; readonly seconds: number };

type ConnectionFailure =
  /** `code`: of the operating system, such as `ECONNREFUSED`. */
  | {
      readonly kind: 'not-connected';
      readonly reason: ConnectionProblem;
      readonly code: string;
      readonly proxy: string | null;
    }
  | { readonly kind: 'no-answer'; readonly seconds: number }
  | {
      readonly kind: 'certificate';
      readonly problem: 'not-trusted' | 'expired' | 'not-yet-valid' | 'other-host';
      /** Node's, such as `DEPTH_ZERO_SELF_SIGNED_CERT`. */
      readonly code: string;
      /** The host names that the certificate is for, where the problem is that ours is not among them. */
      readonly names: string | null;
      readonly hasCaCert: boolean;
    }
  /** The server does not speak TLS on the port of an `https` URL. */
  | { readonly kind: 'not-tls' }
  /** `reason`: in OpenSSL's words, such as `tlsv1 alert protocol version`. */
  | { readonly kind: 'tls'; readonly reason: string }
  | { readonly kind: 'not-http' }
  | { readonly kind: 'other'; readonly code: string; readonly message: string };

export type ConnectionProblem = 'refused' | 'cut' | 'unknown-name' | 'name-lookup-failed' | 'unreachable';

type ProxyFailure =
  /** `variable`: the one that names the proxy. */
  | { readonly kind: 'proxy-is-no-url'; readonly variable: string }
  | { readonly kind: 'proxy-login-not-encoded'; readonly variable: string }
  | { readonly kind: 'proxy-requires-login'; readonly proxy: string | null; readonly hasLogin: boolean }
  /** It answered CONNECT with this status. */
  | {
      readonly kind: 'tunnel-refused';
      readonly proxy: string;
      readonly status: number;
      readonly reason: string;
    };

type AnswerFailure =
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'redirect'; readonly location: string | null }
  /** 429. `retryAfter`: the seconds that the answer asks to wait; null where it does not say. */
  | {
      readonly kind: 'rate-limited';
      readonly path: string;
      readonly sender: Sender;
      readonly retryAfter: number | null;
    }
  | {
      readonly kind: 'status';
      readonly path: string;
      readonly status: number;
      readonly sender: Sender;
      readonly retryAfter: number | null;
    }
  | { readonly kind: 'not-json'; readonly path: string }
  /** `at`: the field that does not fit; empty for the whole. Never its value, which may be a secret. */
  | { readonly kind: 'unknown-shape'; readonly path: string; readonly at: string }
  /** 404 to a list that always exists: so does the ATC answer when its database fails. */
  | { readonly kind: 'list-missing' };

type LoginFailure =
  | { readonly kind: 'wrong-password'; readonly username: string }
  | { readonly kind: 'no-local-users' }
  | { readonly kind: 'no-token-endpoint' }
  /** It knows no client `fly`, as every Concourse does. */
  | { readonly kind: 'foreign-token-endpoint'; readonly status: number }
  | { readonly kind: 'not-a-token' }
  | {
      readonly kind: 'login-refused';
      readonly username: string;
      readonly status: number;
      readonly words: string;
    }
  /** `renewWith`: the command that gets a new one. */
  | { readonly kind: 'token-rejected'; readonly renewWith: string | null }
  /** It was accepted when the run began. */
  | { readonly kind: 'token-expired'; readonly renewWith: string | null; readonly username: string | null }
  /** Rejected right after the login that gave it. */
  | { readonly kind: 'new-token-rejected'; readonly username: string }
  /** 401 to `/api/v1/info` without a token. */
  | { readonly kind: 'info-needs-login' };

/** Who wrote a response. Every answer of the ATC's API has its header; those under `/sky` have not. */
export interface Sender {
  readonly kind: 'atc' | 'somebody-else' | 'unknown';
  readonly proxy: string | null;
}

/**
 * Whether the same request may well succeed a little later. Not after a timeout: whoever hangs once hangs again, and
 * each time costs the whole timeout.
 */
export function isTransient(failure: AtcFailure): boolean {
  switch (failure.kind) {
    case 'not-connected':
    case 'rate-limited':
      return true;
    case 'tunnel-refused':
    case 'status':
      return failure.status >= 500;
    default:
      return false;
  }
}

/** Seconds that the answer asks to wait before the next request; null where it does not say. */
export function requestedPause(failure: AtcFailure): number | null {
  return failure.kind === 'rate-limited' || failure.kind === 'status' ? failure.retryAfter : null;
}
