/** What the verbs without rules print of a hostile log acts on no terminal, spreadsheet or CI server, in any of their formats. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';
import { expectHarmless, HOSTILE } from '../support/hostile.ts';

const folder = temporaryFolder();

/** With a word to search for. */
const TEXT = `${HOSTILE}needle`;

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
    ['short', TEXT, TEXT],
    ['of 100,000 characters', TEXT.repeat(Math.ceil(1e5 / TEXT.length)), 'short'],
  ])(
    'is harmless with hostile text, %s',
    async (name, hostile, other) => {
      const { code, out, err } = await runWinnow([...argv, logOf(`${name}.jsonl`, hostile, other)], { cwd: folder });
      expect([0, 1]).toContain(code);
      expect(out).not.toBe('');
      expectHarmless(out, argv.at(-1));
      expectHarmless(err);
      if (argv.at(-1) === 'xml') expect(out).not.toMatch(/<script/);
    },
    60_000,
  );
});
