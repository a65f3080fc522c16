/** One line on a terminal that says what is going on, and is gone when it is done. */
export interface Progress {
  /** Shows `text` while the work lasts. */
  during<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** Replaces the text that is shown. */
  say(text: string): void;
  /** Clears the line, so that something else can be written; the next frame draws it again. */
  clear(): void;
  end(): void;
}

export const NO_PROGRESS: Progress = {
  during: (_text, work) => work(),
  say: () => undefined,
  clear: () => undefined,
  end: () => undefined,
};

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME = 100;
const CLEAR = '\r\u001b[2K';

export function createProgress(write: (text: string) => void, columns: () => number): Progress {
  const texts: string[] = [];
  let frame = 0;
  let isDrawn = false;
  let timer: NodeJS.Timeout | null = null;
  const clear = () => {
    if (isDrawn) write(CLEAR);
    isDrawn = false;
  };
  const draw = () => {
    const text = texts.at(-1);
    if (text === undefined) return;
    frame = (frame + 1) % FRAMES.length;
    // A line that wraps could not be cleared.
    write(`${CLEAR}${FRAMES[frame]} ${text.slice(0, Math.max(10, columns() - 4))}`);
    isDrawn = true;
  };
  const end = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    texts.length = 0;
    clear();
  };
  return {
    clear,
    end,
    say: (text) => {
      if (texts.length > 0) texts[texts.length - 1] = text;
    },
    during: async (text, work) => {
      texts.push(text);
      timer ??= setInterval(draw, FRAME).unref();
      try {
        return await work();
      } finally {
        texts.pop();
        if (texts.length === 0) end();
      }
    },
  };
}
