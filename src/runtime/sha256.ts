import { sha256 as digestOf } from '@noble/hashes/sha2.js';

/** SHA-256 of text, in hex. Every run needs it, and node:crypto would take a fifth of the time of an empty program. */
export function sha256(text: string): string {
  return Buffer.from(digestOf(Buffer.from(text))).toString('hex');
}
