export interface Excerpt {
  add(chunk: Buffer): void;
  text(): string;
}

/** Keeps the first and the last `limit / 2` bytes of output that may have no end: what explains a failure is there. */
export function createExcerpt(limit: number): Excerpt {
  const half = Math.floor(limit / 2);
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer[] = [];
  let tailLength = 0;
  let left = 0;
  const shorten = () => {
    const whole = Buffer.concat(tail);
    left += Math.max(0, whole.length - half);
    tail = [whole.subarray(Math.max(0, whole.length - half))];
    tailLength = tail[0]?.length ?? 0;
  };
  return {
    add(chunk) {
      const room = half - head.length;
      if (room > 0) head = Buffer.concat([head, chunk.subarray(0, room)]);
      if (chunk.length <= room) return;
      tail.push(chunk.subarray(Math.max(0, room)));
      tailLength += chunk.length - Math.max(0, room);
      // Not at every chunk, or many small ones would each copy all of it.
      if (tailLength > 2 * half) shorten();
    },
    text() {
      if (tailLength > half) shorten();
      const gap = left === 0 ? '' : `\n[${left} bytes left out]\n`;
      return `${head.toString('utf8')}${gap}${Buffer.concat(tail).toString('utf8')}`;
    },
  };
}
