import { expect, test } from 'vitest';
import { optionalNames } from '../../src/commands/run/rule-context.ts';

test('optional sources are named as reports name them, or by their EventID', () => {
  expect([...optionalNames(['4657', 'WMI_Activity_5861', 'security_5156'], false)]).toEqual([
    'security_4657',
    'wmi_activity_5861',
    'security_5156',
  ]);
});

test('an optional source that nobody knows is refused, unless a file of log sources may define it', () => {
  expect(() => optionalNames(['4688'], false)).toThrow('--optional-source 4688: there is no such source. Use one of: ');
  expect([...optionalNames(['my_edr'], true)]).toEqual(['my_edr']);
});
