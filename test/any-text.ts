import { fc } from '@fast-check/jest';

const codePoint = (min: number, max: number) =>
  fc.integer({ min, max }).map((code) => String.fromCodePoint(code));

/** Plain letters turn up among the others, too. Halves of surrogate pairs are no text. */
const character = fc.oneof(
  { weight: 1, arbitrary: codePoint(0x20, 0x7e) },
  { weight: 3, arbitrary: codePoint(0, 0x10_ff_ff).filter((text) => text.isWellFormed()) },
);

/** A string of any characters. As fast-check's `unit: 'binary'`, which takes 0.7 s to list all that there are. */
export function anyText(limits: { maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: character, ...limits });
}
