import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scan } from '../../src/index.ts';
import { projectRoot } from '../support/shared.ts';

test('a scan needs paths and rules only, and looks back nine minutes', async () => {
  const result = await scan({ paths: [join(projectRoot, 'fixtures/wmi-subscription.xml')], rules: [join(projectRoot, 'rules')] });
  const titles = [...result.matches()].map(({ rule }) => result.rules[rule]!.title);
  const windows = result.alerts.map(({ lookback }) => lookback?.window);
  result.close();
  expect(titles).toContain('Detect Suspicious WMI Event Subscription Creation');
  expect(new Set(windows)).toEqual(new Set(['9m']));
});

test('an option that is undefined counts as not given', async () => {
  const result = await scan({
    paths: [join(projectRoot, 'fixtures/benign.xml')],
    rules: [join(projectRoot, 'rules')],
    windowUs: undefined,
    threads: undefined,
  });
  result.close();
  expect([result.alerts, result.summary.totals.records > 0]).toEqual([[], true]);
});
