import { basename } from 'node:path';

/**
 * The names of the tool that this one takes over from, as links to this program: they never ask, since it never did.
 * Its shell script took everything from environment variables and cleaned. Null under any other name.
 */
export function originalInvocation(calledAs: string, argv: readonly string[]): readonly string[] | null {
  switch (basename(calledAs)) {
    case 'pool_boy.sh':
      return argv.length === 0 ? ['clean'] : argv;
    case 'pool_boy.py':
      return argv;
    default:
      return null;
  }
}
