/** Which folders are left out of a row that is too long, and which are not. */
import { expect, test } from 'vitest';
import { shorterForms } from '../../src/report/terminal/shorter-paths.ts';

test.each([
  [
    'a file',
    String.raw`x.exe creates C:\Users\bob\AppData\Local\Temp\lsass.dmp`,
    [String.raw`x.exe creates C:\Users\…\Temp\lsass.dmp`, String.raw`x.exe creates C:\Users\…\lsass.dmp`],
  ],
  [
    'a registry value, whose key stays',
    String.raw`reg.exe sets HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe\Debugger = C:\Windows\system32\cmd.exe`,
    [
      String.raw`reg.exe sets HKLM\SOFTWARE\…\sethc.exe\Debugger = C:\Windows\system32\cmd.exe`,
      String.raw`reg.exe sets HKLM\…\sethc.exe\Debugger = C:\Windows\…\cmd.exe`,
    ],
  ],
  [
    'a program in quotes, and its arguments',
    String.raw`a.exe > "C:\Program Files\Vendor\a.exe" -x D:\e\f\g`,
    [String.raw`a.exe > "C:\Program Files\…\a.exe" -x D:\e\…\g`],
  ],
  ['a share: its name stays', String.raw`copy \\srv\c$\a1\b1\c1.exe`, [String.raw`copy \\srv\c$\a1\…\c1.exe`]],
])('%s', (_name, text, expected) => {
  const [first, ...others] = shorterForms(text);
  expect(first).toBe(text);
  expect(others).toEqual(expected);
});

test.each([
  ['arguments with a backslash are no folder', String.raw`C:\cmd.exe /c type secret\passwords.txt`],
  ['nor are names of pipes', String.raw`cmd.exe /c echo a > \\.\pipe\a`],
  ['a folder with a blank may be an argument', String.raw`D:\my files\a.exe`],
  ['no path', 'powershell.exe -nop -w hidden'],
])('%s', (_name, text) => {
  expect(shorterForms(text)).toEqual([text]);
});

test('a very long text takes no time', () => {
  const started = performance.now();
  shorterForms(`C:\\${'a\\'.repeat(2_000)}${'C:\\'.repeat(2_000)}${'x'.repeat(4_000)}`);
  expect(performance.now() - started).toBeLessThan(500);
});
