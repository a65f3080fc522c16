/**
 * Cuts git's `-z` output into tokens as it comes: each ends with a zero byte, which neither a message nor a path can
 * hold. The reader is given the next piece of output, and answers false once `take` wants no more.
 */
export function readTokens(take: (token: Buffer) => boolean): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  let goesOn = true;
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1 && goesOn; end = bytes.indexOf(0, start)) {
      goesOn = take(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    return goesOn;
  };
}
