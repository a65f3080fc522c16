import { closestMatch } from 'leven';
import { quoteName } from '../core/quote-name.ts';

/** What is said of a key that does not exist, with the nearest one that does: most often it is misspelt. */
export function unknownKey(key: string, known: readonly string[]): string {
  if (known.length === 0) return `.${shortKey(key)} is not a known key; no keys are allowed here`;
  const nearest = closestMatch(key, [...known], { maxDistance: Math.max(2, Math.floor(key.length / 3)) });
  const hint = nearest === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `.${shortKey(key)} is not a known key; ${hint}`;
}

/** A misplaced string in the YAML can become a key, and it may be long, or many lines. */
function shortKey(key: string): string {
  const quoted = quoteName(key);
  return quoted.length > 60 ? `${quoted.slice(0, 20)}…` : quoted;
}
