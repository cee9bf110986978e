import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionalNames, readLogSources, readValues } from '../../src/commands/run/rule-context.ts';
import { folderWith } from '../support/folder.ts';

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

test.skipIf(!existsSync('/dev/zero'))('values and log sources are files that end', () => {
  expect(() => readValues('/', ['/dev/zero'])).toThrow('/dev/zero cannot be read (it is no regular file).');
  expect(() => readLogSources('/', ['/dev/zero'])).toThrow('/dev/zero cannot be read (it is no regular file).');
});

test('values and log sources that are no maps are refused with their place', () => {
  const folder = folderWith({ 'list.yml': '- 1\n- 2\n', 'text.yml': 'x\n' });
  expect(() => readLogSources(folder, ['list.yml'])).toThrow(
    /list\.yml:1:1 error logsources\/not-a-map: the file must be a map\./,
  );
  expect(() => readLogSources(folder, ['text.yml'])).toThrow(
    /text\.yml:1:1 error logsources\/not-a-map: the file must be a map\./,
  );
  expect(() => readValues(folder, ['list.yml'])).toThrow(/list\.yml:1:1 error rule\/values: a values file is a map/);
});
