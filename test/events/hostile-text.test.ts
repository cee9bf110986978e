/** What the verbs without rules print of a hostile log acts on no terminal, spreadsheet or CI server, in any of their formats. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE =
  "\u001b]0;x\u0007\u009b31m\u202e\u2066\u200b\ufeff\u2028\r\n<script>alert(1)</script>;=cmd|'/c calc'!A0\t=1\n::error file=a::b\n##vso[task.x]needle";
const UNSAFE = /(?![\n\t])[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const CI_COMMAND = /^\s*::.*::|##\w*\[/m;

/** Logons, processes, a cleared log: what the verbs tell of, with hostile text wherever text may be. */
function logOf(name: string, hostile: string, other = hostile): string {
  const record = (EventID: number, Channel: string, data: Record<string, string>, at: number) =>
    JSON.stringify({
      Event: {
        System: {
          Provider: { '#attributes': { Name: Channel === 'Security' ? 'Microsoft-Windows-Security-Auditing' : other } },
          EventID,
          Channel,
          Computer: other,
          EventRecordID: at,
          TimeCreated: { '#attributes': { SystemTime: `2024-01-01T00:00:0${at}.0000000Z` } },
        },
        EventData: { [other]: hostile, ...data },
      },
    });
  const logon = { TargetUserName: hostile, SubjectUserName: hostile, IpAddress: hostile, LogonType: hostile, Status: hostile };
  const path = join(folder, name);
  const records = [
    record(4624, 'Security', { ...logon, TargetLogonId: hostile }, 1),
    record(4625, 'Security', logon, 2),
    record(4688, 'Security', { NewProcessName: hostile, CommandLine: hostile, SubjectUserName: hostile }, 3),
    record(1102, 'Security', { SubjectUserName: hostile }, 4),
    record(1, other, { CommandLine: hostile }, 8),
  ];
  writeFileSync(path, `${records.join('\n')}\n`);
  return path;
}

const VERBS = [
  ...['text', 'jsonl'].map((format) => ['search', 'needle', '-f', format]),
  ...['text', 'jsonl'].map((format) => ['logons', '-f', format]),
  ...['text', 'jsonl'].map((format) => ['metrics', '-f', format]),
  ...['jsonl', 'xml', 'csv'].map((format) => ['dump', '-f', format]),
];

describe.each(VERBS.map((argv) => [argv.join(' '), argv] as const))('winnow %s', (_, argv) => {
  it.each([
    ['short', HOSTILE, HOSTILE],
    ['of a megabyte', HOSTILE.repeat(Math.ceil(1e6 / HOSTILE.length)), 'short'],
  ])(
    'is harmless with hostile text, %s',
    async (name, hostile, other) => {
      const { code, out, err } = await runWinnow([...argv, logOf(`${name}.jsonl`, hostile, other)], { cwd: folder });
      expect([0, 1]).toContain(code);
      expect(out).not.toBe('');
      for (const text of [out.replace(/^\ufeff/, ''), err]) {
        expect(UNSAFE.exec(text)).toBeNull();
        expect(CI_COMMAND.exec(text)).toBeNull();
      }
      if (argv.at(-1) === 'jsonl') for (const line of out.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
      if (argv.at(-1) === 'xml') expect(out).not.toMatch(/<script/);
      if (argv.at(-1) === 'csv')
        for (const separator of ',;\t') expect(out.split(separator).filter((cell) => /^"*=/.test(cell))).toEqual([]);
    },
    60_000,
  );
});
