/** `winnow debug` shows what is inside: on the fixture of the README. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/commands/command.ts';
import { projectRoot } from '../support/shared.ts';
import { runWinnow } from './test-context.ts';

const run = (...argv: string[]) => runWinnow(['debug', ...argv], { cwd: projectRoot });
const LOG = join(projectRoot, 'fixtures/wmi-subscription.xml');
const RULE = join(projectRoot, 'rules/wmi_suspicious_consumer.yml');

test('plan shows the event sources, what rules a rule out early, and its program', async () => {
  const { code, out } = await run('plan', RULE);
  expect(code).toBe(EXIT.done);
  expect(out.split('\n').slice(1)).toEqual([
    '  source sysmon: channel microsoft-windows-sysmon/operational, EventID 19, 20, 21, provider microsoft-windows-sysmon',
    '  never without EventID 21',
    '  never without Consumer contains "commandlineeventconsumer" | Consumer contains "activescripteventconsumer"',
    '  and',
    '    EventID number "21"',
    '    one of',
    '      Operation equals "created"',
    '      Operation equals "modified"',
    '    one of',
    '      Consumer contains "commandlineeventconsumer"',
    '      Consumer contains "activescripteventconsumer"',
    '',
  ]);
});

test('record shows the fields, the gates and the rules of one record', async () => {
  const { code, out } = await run('record', LOG, '--index', '13', '-r', RULE);
  expect(code).toBe(EXIT.done);
  expect(out).toContain('\n  EventID 21\n');
  expect(out).toMatch(/\n {2}EventRecordID \[\d+\] "41833"\n/);
  expect(out).toContain('event sources whose gate it passes\n  sysmon: ');
  expect(out).toContain('  Detect Suspicious WMI Event Subscription Creation via sysmon\n');
  expect(out).toContain('contains "CommandLineEventConsumer"');
  expect((await run('record', LOG, '--index', '99')).code).toBe(EXIT.input);
});

test('stages times each stage, and needs rules', async () => {
  const { code, out } = await run('stages', LOG, '-r', RULE);
  expect(code).toBe(EXIT.done);
  expect(out.match(/^[a-z ]+?(?= {2,})/gm)).toEqual(['rules', 'matcher', 'read', 'read all values', 'read and match', 'scan']);
  expect(out).toContain('29 events');
  expect((await run('stages', LOG)).code).toBe(EXIT.usage);
  expect((await run('everything', LOG)).code).toBe(EXIT.usage);
});
