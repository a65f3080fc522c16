import { describe, expect, it } from '@jest/globals';
import { holdsMadeBy, holdWithClaim, isHeld, isHoldOn, LONGEST_HOLD, spanOf } from '../../src/core/hold.ts';

const CLAIM = 'c'.repeat(40);
const CLAIMED_AT = 1_790_000_000;
const DAY = 86_400;

function commit(message: string, committedAt: number | null = CLAIMED_AT + 3_600) {
  return { commit: 'd'.repeat(40), author: 'Ada Lovelace', committedAt, message };
}

function holding(until: string, committedAt: number | null = CLAIMED_AT + 3_600) {
  const message = `holding env-1\n\nThe database looks odd.\n\nHold: aws/env-1@${CLAIM}\nHold-Until: ${until}\n`;
  const [made] = holdsMadeBy(commit(message, committedAt));
  if (made === undefined) throw new Error('no hold was read');
  return made;
}

describe('the holds that a commit makes', () => {
  it('are one for each Hold trailer, with the author, the reason and the end', () => {
    const message = `holding both\n\nWhy not.\n\nHold: aws/a b@${CLAIM}\nHold: "p\\nq/x"@${CLAIM}\nHold-Until: 2026-12-01T10:00Z\n`;
    const hold = {
      commit: 'd'.repeat(40),
      by: 'Ada Lovelace',
      reason: 'Why not.',
      end: { kind: 'at', at: Date.UTC(2026, 11, 1, 10) / 1000 },
      committedAt: CLAIMED_AT + 3_600,
    };
    expect(holdsMadeBy(commit(message))).toEqual([
      { path: 'aws/a b', claim: CLAIM, hold },
      { path: '"p\\nq/x"', claim: CLAIM, hold },
    ]);
  });

  it.each([
    ['a date means its end in UTC', '2026-12-01', { kind: 'at', at: Date.UTC(2026, 11, 2) / 1000 }],
    ['now ends it', 'now', { kind: 'now' }],
    ['a zone counts', '2026-12-01T10:00+02:00', { kind: 'at', at: Date.UTC(2026, 11, 1, 8) / 1000 }],
    ['no calendar holds this day', '2026-02-31', { kind: 'unreadable', text: '2026-02-31' }],
    ['words are no date', 'next week', { kind: 'unreadable', text: 'next week' }],
  ])('%s: %s', (_why, until, end) => {
    expect(holding(until).hold.end).toEqual(end);
  });

  it.each([
    ['without Hold-Until', `holding x\n\nHold: aws/x@${CLAIM}\n`],
    ['with a short claim', 'holding x\n\nHold: aws/x@cccc\nHold-Until: 2026-12-01\n'],
    ['without a lock', `holding x\n\nHold: @${CLAIM}\nHold-Until: 2026-12-01\n`],
    ['in the subject alone', `Hold: aws/x@${CLAIM}\nHold-Until: 2026-12-01\n`],
    [
      'with other text among the trailers',
      `holding\n\nHold: aws/x@${CLAIM}\nHold-Until: 2026-12-01\nand so on\n`,
    ],
  ])('are none %s', (_why, message) => {
    expect(holdsMadeBy(commit(message))).toEqual([]);
  });

  it('are read where lines end as on Windows', () => {
    const message = `holding\r\n\r\nWhy.\r\n\r\nHold: aws/x@${CLAIM}\r\nHold-Until: 2026-12-01\r\n`;
    expect(holdsMadeBy(commit(message))).toMatchObject([{ path: 'aws/x', hold: { reason: 'Why.' } }]);
  });

  it('say who and why in bearable length', () => {
    const long = 'x'.repeat(5000);
    const message = `holding\n\n${long}\n\nHold: aws/x@${CLAIM}\nHold-Until: ${long}\n`;
    const [made] = holdsMadeBy({ ...commit(message), author: long });
    expect(made?.hold.by).toHaveLength(201);
    expect(made?.hold.reason).toHaveLength(1001);
    expect(made?.hold.end).toEqual({ kind: 'unreadable', text: `${'x'.repeat(200)}…` });
  });

  it('names a lock as it is, or as git quotes it', () => {
    expect(isHoldOn('aws/env-1', 'aws', 'env-1')).toBe(true);
    expect(isHoldOn('"aws/a\\nb"', 'aws', 'a\nb')).toBe(true);
    expect(isHoldOn('aws/env-10', 'aws', 'env-1')).toBe(false);
    expect(isHoldOn('aws/env-1', 'aws/env-1', '')).toBe(false);
  });
});

describe('a hold in the claim itself', () => {
  it('needs no Hold trailer', () => {
    const message = 'manually claiming: env-1 by Ada\n\nBug 42\n\nHold-Until: 2026-12-01T10:00Z\n';
    expect(holdWithClaim(commit(message))).toMatchObject({
      by: 'Ada Lovelace',
      reason: 'Bug 42',
      end: { kind: 'at', at: Date.UTC(2026, 11, 1, 10) / 1000 },
    });
  });

  it.each([
    ['right below the subject', 'taking env-1 for a demo\nHold-Until: 2026-12-01T10:00Z\n'],
    ['below other text', 'taking env-1\n\nfor a demo\r\nHold-Until:2026-12-01T10:00Z \r\nask Ada\n'],
  ])('counts where git sees no trailer: %s', (_where, message) => {
    expect(holdWithClaim(commit(message))?.end).toEqual({ kind: 'at', at: Date.UTC(2026, 11, 1, 10) / 1000 });
  });

  it('is none in the subject', () => {
    expect(holdWithClaim(commit('Hold-Until: 2026-12-01'))).toBeNull();
  });

  it('is none in a claim of a build', () => {
    expect(holdWithClaim(commit('claiming: env-1\nBuild URL: https://ci.example.com/builds/1'))).toBeNull();
  });
});

describe('how far a hold reaches', () => {
  const now = CLAIMED_AT + 2 * DAY;
  const written = (at: number) => new Date(at * 1000).toISOString();

  it('lasts to the second before its end', () => {
    const { hold } = holding(written(now));
    expect(isHeld(hold, CLAIMED_AT, now - 1)).toBe(true);
    expect(isHeld(hold, CLAIMED_AT, now)).toBe(false);
  });

  it('is 90 days after its commit at most', () => {
    const made = CLAIMED_AT + 3_600;
    expect(spanOf(holding(written(made + LONGEST_HOLD)).hold, CLAIMED_AT, now)).toEqual({
      until: made + LONGEST_HOLD,
      isCutShort: false,
    });
    expect(spanOf(holding('9999-12-31').hold, CLAIMED_AT, now)).toEqual({
      until: made + LONGEST_HOLD,
      isCutShort: true,
    });
  });

  it.each([
    ['cannot be read', null],
    ['lies in the future', now + 400 * DAY],
    ['lies before the claim', 0],
  ])('counts from the claim where the date of its commit %s', (_why, committedAt) => {
    expect(spanOf(holding('9999-12-31', committedAt).hold, CLAIMED_AT, now).until).toBe(
      CLAIMED_AT + LONGEST_HOLD,
    );
  });

  it('lasts as long as a hold may where its end cannot be read: somebody wanted one', () => {
    const { hold } = holding('soon');
    expect(spanOf(hold, CLAIMED_AT, now)).toEqual({
      until: CLAIMED_AT + 3_600 + LONGEST_HOLD,
      isCutShort: true,
    });
  });

  it('has ended with the commit that says now', () => {
    expect(isHeld(holding('now').hold, CLAIMED_AT, now)).toBe(false);
  });
});
