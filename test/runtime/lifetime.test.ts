import { expect, test } from '@jest/globals';
import { createLifetime } from '../../src/runtime/lifetime.ts';

test('what was registered last is cleaned up first, and once', () => {
  const done: string[] = [];
  const life = createLifetime();
  life.atEnd(() => done.push('first'));
  life.atEnd(() => done.push('second'));
  life.end();
  life.end();
  expect(done).toEqual(['second', 'first']);
});

test('one that fails does not keep the rest from being cleaned up', () => {
  const done: string[] = [];
  const life = createLifetime();
  life.atEnd(() => done.push('first'));
  life.atEnd(() => {
    throw new Error('busy');
  });
  life.end();
  expect(done).toEqual(['first']);
});

test('what is registered while, or after, all ends is cleaned up at once', () => {
  const done: string[] = [];
  const life = createLifetime();
  life.atEnd(() => life.atEnd(() => done.push('during')));
  life.end();
  life.atEnd(() => done.push('after'));
  expect(done).toEqual(['during', 'after']);
});

test('to stop is only to say so: whoever runs ends by itself', () => {
  const done: string[] = [];
  const life = createLifetime();
  life.atEnd(() => done.push('cleaned'));
  expect(life.signal.aborted).toBe(false);
  life.stop();
  expect([life.signal.aborted, done]).toEqual([true, []]);
});
