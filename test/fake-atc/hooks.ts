// Things that a test hangs on requests: faults, and changes of the model in the middle of a run.

/** A part of `METHOD /path?query`, or an expression for it. */
export type Pattern = string | RegExp;

export type Hooks<T> = {
  /** Returns a function that takes the hook away again. */
  add(pattern: Pattern, value: T, times: number): () => void;
  /** The hooks that fit this line, the newest first, at most so many; each that is taken counts as used. */
  take(line: string, atMost?: number): T[];
};

export function createHooks<T>(): Hooks<T> {
  let hooks: { pattern: Pattern; value: T; left: number }[] = [];
  return {
    add: (pattern, value, times) => {
      const hook = { pattern, value, left: times };
      hooks = [hook, ...hooks];
      return () => {
        hooks = hooks.filter((other) => other !== hook);
      };
    },
    take: (line, atMost) => {
      const fitting = hooks.filter((hook) => hook.left > 0 && fits(hook.pattern, line)).slice(0, atMost);
      for (const hook of fitting) hook.left -= 1;
      return fitting.map((hook) => hook.value);
    },
  };
}

function fits(pattern: Pattern, line: string): boolean {
  return typeof pattern === 'string' ? line.includes(pattern) : pattern.test(line);
}
