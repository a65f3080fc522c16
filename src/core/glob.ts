import picomatch from 'picomatch';

/** `*` stops at `/`, `**` does not; a name with glob characters also matches itself. */
export function matchesGlob(name: string, glob: string): boolean {
  return name === glob || picomatch.isMatch(name, glob, { dot: true, nonegate: true });
}
