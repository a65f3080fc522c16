import picomatch from 'picomatch';

/** `*` stops at `/`, `**` does not; a name with glob characters also matches itself. A name may hold a new line. */
export function matchesGlob(name: string, glob: string): boolean {
  return (
    name === glob || (glob !== '' && picomatch.isMatch(name, glob, { dot: true, nonegate: true, flags: 's' }))
  );
}
