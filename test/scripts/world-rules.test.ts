import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { RULES } from '../../scripts/worlds/rules/rules.ts';

describe('the table of rules that worlds are played without', () => {
  test.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (_, { changes, covers = [] }) => {
    for (const { file, from } of [...changes, ...covers])
      expect(readFileSync(file, 'utf8').split(from)).toHaveLength(2);
  });
});
