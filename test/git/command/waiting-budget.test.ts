import { describe, expect, it } from '@jest/globals';
import { createWaitingBudget } from '../../../src/git/command/waiting-budget.ts';

describe('what a run waits for silent servers', () => {
  it('is 150 seconds in all, where one command waits 120', () => {
    const budget = createWaitingBudget(120_000);
    expect(budget.left()).toBe(150_000);
    budget.spend(120_000);
    expect(budget.left()).toBe(30_000);
    budget.spend(30_000);
    expect(budget.left()).toBe(5_000);
  });

  it('is not spent by the pauses of a server that is at work', () => {
    const budget = createWaitingBudget(120_000);
    for (let pause = 0; pause < 1000; pause += 1) budget.spend(5_000);
    expect(budget.left()).toBe(150_000);
  });
});
