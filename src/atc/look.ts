import type { Forbidden } from '../core/evidence.ts';
import type { Questions } from './questions.ts';
import type { Answer } from './session.ts';
import { Trouble } from './trouble.ts';

/** One Concourse as it is looked at for one claim: what was found, and what may not be seen. */
export interface Look {
  readonly questions: Questions;
  /** Without a login: what needs a role is not asked, since the answer is known. */
  readonly isAnonymous: boolean;
  /** What was found, or null; that the account may not look is remembered. */
  at<T>(team: string, answer: Answer<T>): T | null;
  /** The same for what must be there: lists are answered 404, too, when the ATC's database fails. */
  surely<T>(team: string, answer: Answer<T>): T | null;
  /** Something of this team could not be seen, though it would have been needed. */
  missed(team: string): void;
  forbidden(): Forbidden | null;
}

export interface Who {
  readonly concourse: string;
  /** Null where there is no login. */
  readonly account: string | null;
}

/** For lists that no single team answers for. */
export const ANY_TEAM = '(any)';

export function startLook(questions: Questions, { concourse, account }: Who): Look {
  let forbidden: Forbidden | null = null;
  const missed = (team: string) => {
    forbidden ??= { concourse, team, account };
  };
  const at = <T>(team: string, answer: Answer<T>): T | null => {
    if (answer.kind === 'got') return answer.value;
    if (answer.kind === 'forbidden') missed(team);
    return null;
  };
  return {
    questions,
    isAnonymous: account === null,
    at,
    surely: (team, answer) => {
      if (answer.kind === 'missing')
        throw new Trouble(
          `${concourse} answers 404 to a list of what is there: look at the ATC's log, its database may be in trouble.`,
        );
      return at(team, answer);
    },
    missed,
    forbidden: () => forbidden,
  };
}
