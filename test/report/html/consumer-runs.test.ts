/** A process belongs to a WMI consumer only if the consumer's command is the one that ran, and after it was registered. */
import { describe, expect, it } from 'vitest';
import { isRunBy, type WmiProcess } from '../../../src/report/html/consumer-runs.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const ran = (commandLine: string, more: Partial<WmiProcess> = {}): WmiProcess => ({
  commandLine,
  image: 'C:\\Windows\\System32\\cmd.exe',
  byScript: false,
  timeUs: 1000,
  ...more,
});
const command = (runs: string, sinceUs = 500) => ({ type: 'Command Line', runs, sinceUs });

describe('a process of WMI', () => {
  it.each([
    ['cmd.exe /c sync.cmd', 'cmd.exe /c sync.cmd'],
    ['CMD /c  sync.cmd', '"C:\\Windows\\System32\\cmd.exe" /C sync.cmd'],
    ['c:\\Windows\\System32\\cmd.exe', 'cmd.exe'],
    ['cmd.exe /c echo %TargetInstance.Name% (a+b)', 'cmd.exe /c echo notepad.exe (a+b)'],
    ['Binding CommandLineTemplate = "cmd.exe /c \\"a b\\""; Name = "x"', 'cmd.exe /c "a b"'],
    ['', 'anything.exe'],
  ])('belongs to the consumer of %s: %s', (runs, line) => {
    expect(isRunBy(ran(line), command(runs))).toBe(true);
  });

  it.each([
    ['c:\\Windows\\System32\\cmd.exe', 'cmd.exe /Q /c cd \\ 1> \\\\127.0.0.1\\ADMIN$\\__1556656369.7 2>&1'],
    ['cmd.exe /c sync.cmd', 'cmd.exe /c sync.cmd & calc.exe'],
    ['cmd.exe /c a.cmd', 'cmdx.exe /c a.cmd'],
  ])('does not belong to the consumer of %s: %s', (runs, line) => {
    expect(isRunBy(ran(line), command(runs))).toBe(false);
  });

  it('belongs to no consumer that was registered later, and is not kept out without a time', () => {
    expect(isRunBy(ran('cmd.exe'), command('cmd.exe', 1001))).toBe(false);
    expect(isRunBy(ran('cmd.exe', { timeUs: Number.NaN }), command('cmd.exe', 1001))).toBe(true);
  });

  it('without a command line is told by its image', () => {
    expect(isRunBy(ran(''), command('cmd.exe /c sync.cmd'))).toBe(true);
    expect(isRunBy(ran(''), command('powershell.exe -enc x'))).toBe(false);
  });

  it('of the script host belongs to consumers that run scripts, and to no other', () => {
    const script = { type: 'Script', runs: 'var a', sinceUs: 500 };
    expect(isRunBy(ran('scrcons.exe -Embedding', { byScript: true }), script)).toBe(true);
    expect(isRunBy(ran('scrcons.exe -Embedding', { byScript: true }), command('scrcons.exe -Embedding'))).toBe(false);
    expect(isRunBy(ran('cmd.exe'), script)).toBe(false);
  });
});

describe('a template that its author made to take long', () => {
  it('is soon compared: many names, and a command line that nearly fits', () => {
    const took = cpuMs(() => {
      expect(isRunBy(ran(`x ${'a'.repeat(60)}`), command(`x ${'%n%a'.repeat(30)}b`))).toBe(false);
    });
    expect(took).toBeLessThan(1000);
  });

  it('is compared like others, with parts that must not share characters', () => {
    expect(isRunBy(ran('x aa'), command('x a%n%a'))).toBe(true);
    expect(isRunBy(ran('x a'), command('x a%n%a'))).toBe(false);
    expect(isRunBy(ran('x a-b-c'), command('x a%n%b%n%c'))).toBe(true);
    expect(isRunBy(ran('x a-c-b-'), command('x a%n%b%n%c'))).toBe(false);
  });
});
