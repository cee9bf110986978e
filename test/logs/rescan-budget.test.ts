/** What may be looked at again is bounded by what is new. */
import { expect, test } from 'vitest';
import { RescanBudget } from '../../src/logs/text/rescan-budget.ts';

const MIB = 1 << 20;

test('a budget is spent after its first bytes, and new bytes pay for twice as many, up to a bound', () => {
  const budget = new RescanBudget();
  expect([budget.spend(64 * MIB - 1), budget.spend(1)]).toEqual([true, false]);
  budget.earn(MIB);
  expect([budget.spend(2 * MIB - 1), budget.spend(1)]).toEqual([true, false]);
  for (let i = 0; i < 1000; i++) budget.earn(MIB);
  expect([budget.spend(256 * MIB - 1), budget.spend(1)]).toEqual([true, false]);
});
