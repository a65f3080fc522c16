/** Keeps the answers to requests. Of callers that want the same at the same time only one makes the request. */
export interface RequestCache<T> {
  get(path: string): Promise<T>;
  /** Forgets every answer but those that are final. */
  clear(): void;
}

export function createRequestCache<T>(
  request: (path: string) => Promise<T>,
  isFinal: (answer: T) => boolean,
): RequestCache<T> {
  const finals = new Map<string, Promise<T>>();
  let answers = new Map<string, Promise<T>>();
  const requestAndKeep = async (path: string): Promise<T> => {
    const answer = await request(path);
    if (isFinal(answer)) finals.set(path, Promise.resolve(answer));
    return answer;
  };
  return {
    get: (path) => {
      const answer = answers.get(path) ?? requestAndKeep(path);
      answers.set(path, answer);
      return answer;
    },
    clear: () => {
      answers = new Map(finals);
    },
  };
}
