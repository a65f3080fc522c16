import type { Forbidden } from '../../core/verdict/evidence.ts';
import { AtcError } from '../http/atc-error.ts';
import type { Answer } from '../http/atc-session.ts';
import type { AtcApi, Place } from './api-requests.ts';

/** Reads one Concourse for one claim, and remembers what could not be read: that may be where the holder is. */
export interface AtcReader {
  readonly api: AtcApi;
  /** Without a login. What needs a role is not requested then, since the answer is known. */
  readonly isAnonymous: boolean;
  /** How many pages of one list of builds are read at most. */
  readonly mostPages: number;
  /** The value, or null: nothing under that name, no role of the account, or no readable answer; the last two are marked. */
  permitted<T>(whose: Whose, answer: Answer<T>): T | null;
  /** The same for a list that always exists: the ATC answers 404 to it, too, when its database fails. */
  mustExist<T>(whose: Whose, answer: Answer<T>): T | null;
  /**
   * The same for a list that belongs to something that an earlier answer showed. Null where that was removed since
   * then; where it is still there, a 404 is a failure of the ATC.
   */
  nullIfRemoved<T>(place: Place, answer: Answer<T>): Promise<T | null>;
  /** Something that was needed could not be seen. */
  markForbidden(whose: Whose): void;
  /** What a sentence says of something that the account is not permitted to see. */
  forbiddenTo(whose: Whose): Forbidden;
  /** Something that may name a holder could not be read completely. `what` goes on after the name of the Concourse. */
  markUnread(what: string): void;
  forbidden(): Forbidden | null;
  unread(): string | null;
}

export interface ReaderOptions {
  /** For sentences. */
  readonly concourse: string;
  /** Null without a login. */
  readonly account: string | null;
  readonly mostPages: number;
}

/** The team that would have to permit it, by name; null where that is not known, as of lists that show all teams. */
export type Whose =
  | string
  | null
  /** One build, or a job that can still take the lock, as people write it. */
  | { readonly team: string | null; readonly build: string };

export function createReader(api: AtcApi, { concourse, account, mostPages }: ReaderOptions): AtcReader {
  let forbidden: Forbidden | null = null;
  let unread: string | null = null;
  const forbiddenTo = (whose: Whose): Forbidden => {
    const { team, build } =
      whose === null || typeof whose === 'string' ? { team: whose, build: null } : whose;
    return { concourse, team, build, account };
  };
  const markForbidden = (whose: Whose) => {
    forbidden ??= forbiddenTo(whose);
  };
  const markUnread = (what: string) => {
    unread ??= `${concourse} ${what}, so who has the lock is not known.`;
  };
  const permitted = <T>(whose: Whose, answer: Answer<T>): T | null => {
    switch (answer.kind) {
      case 'got':
        return answer.value;
      case 'forbidden':
        markForbidden(whose);
        return null;
      case 'intercepted':
        unread ??= answer.problem;
        return null;
      case 'failing':
        markUnread('fails at a request that would tell who can take the lock next');
        return null;
      case 'missing':
      case 'limited':
        return null;
    }
  };
  const mustExist = <T>(whose: Whose, answer: Answer<T>): T | null => {
    if (answer.kind !== 'missing') return permitted(whose, answer);
    throw new AtcError(concourse, { kind: 'list-missing' });
  };
  return {
    api,
    isAnonymous: account === null,
    mostPages,
    permitted,
    mustExist,
    nullIfRemoved: async (place, answer) => {
      const { team } = place.pipeline;
      if (answer.kind !== 'missing') return permitted(team, answer);
      const owner = await api.exists(place);
      return owner.kind === 'missing' ? null : mustExist(team, answer);
    },
    markForbidden,
    forbiddenTo,
    markUnread,
    forbidden: () => forbidden,
    unread: () => unread,
  };
}
