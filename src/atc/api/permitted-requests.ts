import type { Forbidden } from '../../core/verdict/evidence.ts';
import { AtcError } from '../http/atc-error.ts';
import type { Answer } from '../http/atc-session.ts';
import type { Place, Questions } from './api-requests.ts';

/** One Concourse as it is looked at for one claim: what was found, and what may not be seen. */
export interface Look {
  readonly questions: Questions;
  /** Without a login: what needs a role is not asked, since the answer is known. */
  readonly isAnonymous: boolean;
  /** How many pages of one list of builds are read at most. */
  readonly mostPages: number;
  /** What was found, or null; that the account may not look is remembered. */
  at<T>(team: string, answer: Answer<T>): T | null;
  /** The same for what must be there: lists are answered 404, too, when the ATC's database fails. */
  surely<T>(team: string, answer: Answer<T>): T | null;
  /**
   * The same for a list of something that was there when it was last heard of. Where it has left since then there is
   * no list (null); where it is still there, a 404 is trouble.
   */
  listOf<T>(place: Place, answer: Answer<T>): Promise<T | null>;
  /** Something of this team could not be seen, though it would have been needed. */
  missed(team: string): void;
  /** Something that may name a holder could not be read to its end. */
  leftUnread(what: string): void;
  forbidden(): Forbidden | null;
  unread(): string | null;
}

export interface Who {
  readonly concourse: string;
  /** Null where there is no login. */
  readonly account: string | null;
}

/** For lists that no single team answers for. */
export const ANY_TEAM = '(any)';

export function startLook(questions: Questions, { concourse, account }: Who, mostPages: number): Look {
  let forbidden: Forbidden | null = null;
  let unread: string | null = null;
  const missed = (team: string) => {
    forbidden ??= { concourse, team, account };
  };
  const at = <T>(team: string, answer: Answer<T>): T | null => {
    if (answer.kind === 'got') return answer.value;
    if (answer.kind === 'forbidden') missed(team);
    return null;
  };
  const surely = <T>(team: string, answer: Answer<T>): T | null => {
    if (answer.kind !== 'missing') return at(team, answer);
    throw new AtcError(
      `${concourse} answers 404 to a list request that must exist: check the ATC's log, its database may be failing.`,
    );
  };
  return {
    questions,
    isAnonymous: account === null,
    mostPages,
    at,
    surely,
    listOf: async (place, answer) => {
      const { team } = place.pipeline;
      if (answer.kind !== 'missing') return at(team, answer);
      const isThere = await questions.isThere(place);
      return isThere.kind === 'missing' ? null : surely(team, answer);
    },
    missed,
    leftUnread: (what) => {
      unread ??= `${concourse} ${what}, so who has the lock is not known.`;
    },
    forbidden: () => forbidden,
    unread: () => unread,
  };
}
