/** Keeps the answers to requests. Of callers that want the same at the same time only one makes the request. */
export interface RequestCache<T> {
  /** `isSettled`: whatever the answer is, it cannot change any more. */
  get(path: string, isSettled?: boolean): Promise<T>;
  /** Forgets every answer but those that are final. */
  clear(): void;
}

export function createRequestCache<T>(
  request: (path: string) => Promise<T>,
  isFinal: (answer: T, isSettled: boolean) => boolean,
): RequestCache<T> {
  const finals = new Map<string, Promise<T>>();
  let answers = new Map<string, Promise<T>>();
  const requestAndKeep = async (path: string, isSettled: boolean): Promise<T> => {
    const answer = await request(path);
    if (isFinal(answer, isSettled)) finals.set(path, Promise.resolve(answer));
    return answer;
  };
  return {
    get: (path, isSettled = false) => {
      const answer = answers.get(path) ?? requestAndKeep(path, isSettled);
      answers.set(path, answer);
      return answer;
    },
    clear: () => {
      answers = new Map(finals);
    },
  };
}
