/** One Concourse to ask, as an entry of `source.concourse` describes it. */
export interface ConcourseSource {
  /** Without a slash at the end. */
  readonly url: string;
  readonly login: Login;
  /** Previous URLs: claims made then name these. */
  readonly formerUrls: readonly string[];
  /** A certificate in PEM form. */
  readonly caCert: string | null;
  readonly skipSslVerification: boolean;
  /** The team of claims whose message names none. */
  readonly team: string;
  /** Without a usable answer: `fail` fails the whole run, `keep` leaves the locks that needed it undecided. */
  readonly whenUnreachable: 'fail' | 'keep';
}

export type Login =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** `renewWith`: the command that gets a new token, where the token came from one. */
  | { readonly kind: 'token'; readonly token: string; readonly renewWith?: string }
  /** Sees public pipelines only. */
  | { readonly kind: 'none' };
