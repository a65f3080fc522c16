import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { parseClaimMessage } from '../../../src/core/messages/claim-message.ts';
import { anyText } from '../../any-text.ts';

const WORDS = [...'abzXYZ019-_.() éя#`"\'{}%:+&=?'];
const sane = (not: RegExp) =>
  fc
    .string({ unit: fc.constantFrom(...WORDS), minLength: 1, maxLength: 12 })
    .filter((name) => name === name.trim() && !/ {2}/.test(name) && !not.test(name));
/** Any name that cannot be taken for a part of the form; `/{` and `}/` frame the vars of an instance. */
const name = sane(/^\{|\}$|^Revert "|^Reapply "|^"/);
const urlName = sane(/[?]/);
const lock = fc
  .string({ unit: fc.constantFrom(...WORDS, '\n', '/', '\u2028', '😀'), minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && !text.includes('Build URL:'));
const build = fc.oneof(
  fc.nat().map(String),
  fc.tuple(fc.nat(), fc.nat()).map(([number, rerun]) => `${number}.${rerun}`),
);
const vars = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
  minKeys: 1,
  maxKeys: 3,
});

test.prop([name, name, build, lock, fc.constantFrom('#N', '`#N`', 'build N')])(
  'a build without a team parses back',
  (pipeline, job, number, claimed, form) => {
    const message = `${pipeline}/${job} ${form.replace('N', number)} claiming: ${claimed}`;
    expect(parseClaimMessage(message, claimed).owner).toMatchObject({
      kind: 'job',
      team: null,
      pipeline,
      job,
      build: number,
    });
  },
);

test.prop([name, name, name, build, lock])(
  'a build with its team parses back',
  (team, pipeline, job, number, claimed) => {
    const message = `${team}/${pipeline}/${job} build ${number} claiming: ${claimed}`;
    expect(parseClaimMessage(message, claimed).owner).toMatchObject({
      kind: 'job',
      team,
      pipeline,
      job,
      build: number,
    });
  },
);

test.prop([name, name, name, build, lock, vars])(
  'a build of an instance parses back',
  (team, pipeline, job, number, claimed, instanceVars) => {
    const message = `${team}/${pipeline}/${JSON.stringify(instanceVars)}/${job} build ${number} claiming: ${claimed}`;
    expect(parseClaimMessage(message, claimed).owner).toMatchObject({
      kind: 'job',
      team,
      pipeline,
      instanceVars: JSON.parse(JSON.stringify(instanceVars)),
      job,
      build: number,
    });
  },
);

test.prop([urlName, urlName, urlName, build, lock, fc.option(vars)])(
  'a Build URL parses back',
  (team, pipeline, job, number, claimed, instanceVars) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(instanceVars ?? {}))
      query.set(`vars."${key.replace(/["\\]/g, '')}"`, JSON.stringify(value));
    const url = `https://ci.example.com/teams/${team}/pipelines/${pipeline}/jobs/${job}/builds/${number}${instanceVars === null ? '' : `?${query}`}`;
    expect(parseClaimMessage(`claiming: ${claimed}\nBuild URL: ${url}`, claimed).owner).toMatchObject({
      kind: 'job',
      team,
      pipeline,
      varsQuery: instanceVars === null ? null : `${query}`,
      job,
      build: number,
      url,
    });
  },
);

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      'claiming: ',
      'adding claimed: ',
      ' build ',
      '#1',
      '/',
      '{"a":',
      '}',
      '\nBuild URL: ',
      'one-off',
      'Revert "',
      '1',
      ' ',
    ),
    anyText({ maxLength: 4 }),
  ),
  { maxLength: 12 },
);

test.prop([pieces.map((parts) => parts.join('')), anyText()], { numRuns: 2_000 })(
  'no text is too odd to be read',
  (message, claimed) => {
    expect(['job', 'one-off', 'person', 'unknown']).toContain(parseClaimMessage(message, claimed).owner.kind);
  },
);

test.prop([pieces.map((parts) => parts.join('')), lock], { numRuns: 2_000 })(
  'the owner of one line never holds a new line, which could forge a trailer',
  (message, claimed) => {
    const { owner } = parseClaimMessage(message, claimed);
    expect(JSON.stringify(owner)).not.toContain('\\n');
  },
);
