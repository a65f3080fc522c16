/** Keeps what was asked, so that nothing is asked twice, also not by two who ask at the same time. */
export interface Memory<T> {
  recall(key: string): Promise<T>;
  /** All but what is final. */
  forget(): void;
}

export function createMemory<T>(
  ask: (key: string) => Promise<T>,
  isFinal: (answer: T) => boolean,
): Memory<T> {
  const finals = new Map<string, Promise<T>>();
  let answers = new Map<string, Promise<T>>();
  const askAndKeep = async (key: string): Promise<T> => {
    const answer = await ask(key);
    if (isFinal(answer)) finals.set(key, Promise.resolve(answer));
    return answer;
  };
  return {
    recall: (key) => {
      const asked = answers.get(key) ?? askAndKeep(key);
      answers.set(key, asked);
      return asked;
    },
    forget: () => {
      answers = new Map(finals);
    },
  };
}
