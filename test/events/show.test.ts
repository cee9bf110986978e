/** `winnow show`: the whole record, and what belongs to it. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const cwd = join(projectRoot, 'fixtures');
const show = (...argv: string[]) => runWinnow(['show', ...argv], { cwd });
const folder = temporaryFolder();

function logOf(...events: Record<string, unknown>[]): string {
  const path = join(folder, 'log.jsonl');
  const lines = events.map(({ EventID, EventRecordID, time = '2024-01-01T10:00:00Z', Computer = 'WS01', ...EventData }) =>
    JSON.stringify({
      Event: {
        System: {
          Provider: { '#attributes': { Name: 'P' } },
          Channel: 'C',
          Computer,
          EventID,
          EventRecordID,
          TimeCreated: { '#attributes': { SystemTime: time } },
        },
        EventData,
      },
    }),
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** The lines of one part. */
const part = (out: string, title: string) =>
  out
    .split('\n\n')
    .find((text) => text.startsWith(title))
    ?.split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '');

describe('winnow show', () => {
  it('shows processes above and below, and the logon', async () => {
    const { code, out } = await show('wmi-subscription.jsonl:41829');
    expect(code).toBe(0);
    const processes = part(out, 'Processes')!;
    // Each line names the parent, then the process.
    expect(processes.map((line) => /(OUTLOOK|powershell|cmd\.exe|wmic)(?!.*> )/.exec(line)?.[1])).toEqual([
      'OUTLOOK',
      'powershell',
      'cmd.exe',
      'wmic',
      'wmic',
      'wmic',
    ]);
    expect(processes[2]).toContain('(this event)');
    expect(part(out, 'Logon of this session')![0]).toContain('record 908114');
    expect(part(out, 'Data')).toContain('LogonId            0x4f2a91');
  });
  it('knows processes of Security 4688 by number, the last start before', async () => {
    const start = (
      EventRecordID: number,
      time: string,
      NewProcessId: string,
      ProcessId: string,
      CommandLine: string,
      Computer = 'WS01',
    ) => ({ EventID: 4688, EventRecordID, time, NewProcessId, ProcessId, CommandLine, Computer });
    const log = logOf(
      start(1, '2024-01-01T09:00:00Z', '0x10', '0x4', 'old'),
      start(2, '2024-01-01T09:30:00Z', '0x10', '0x4', 'other computer', 'WS02'),
      start(3, '2024-01-01T09:10:00Z', '0x10', '0x4', 'parent'),
      start(4, '2024-01-01T09:20:00Z', '0x20', '0x10', 'child'),
      start(5, '2024-01-01T09:40:00Z', '0x10', '0x4', 'later'),
      start(6, '2024-01-01T09:50:00Z', '0x30', '0x10', 'child of later'),
    );
    const names = async (record: number) =>
      part((await show(`${log}:${record}`)).out, 'Processes')?.map((line) => line.replace(/^\S+ +/, ''));
    expect(await names(4)).toEqual(['parent', 'child  (this event)']);
    expect(await names(3)).toEqual(['parent  (this event)', 'child']);
  });
  it('decodes layer by layer: UTF-16, gzip, base64', async () => {
    const inner = Buffer.from('Write-Output "the innermost layer of the script, in plain text"').toString('base64');
    const packed = gzipSync(Buffer.from(`IEX ([Convert]::FromBase64String("${inner}"))`)).toString('base64');
    const outer = Buffer.from(`$x = "${packed}"`, 'utf16le').toString('base64');
    const { out } = await show(`${logOf({ EventID: 1, EventRecordID: 7, CommandLine: `powershell -enc ${outer}` })}:7`);
    expect(part(out, 'Decoded from CommandLine\n')).toEqual([`$x = "${packed}"`]);
    expect(part(out, 'Decoded from CommandLine, layer 2')).toEqual([`IEX ([Convert]::FromBase64String("${inner}"))`]);
    expect(part(out, 'Decoded from CommandLine, layer 3')).toEqual([
      'Write-Output "the innermost layer of the script, in plain text"',
    ]);
  });
  it('gives the record alone as XML or JSON, also by its position', async () => {
    const json = await show('security.xml:#0', '-f', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ Event: { System: { Channel: 'Security' } } });
    expect((await show('security.xml:#0', '-f', 'xml')).out).toMatch(/^<Event xmlns=.*<\/Event>\n$/);
  });
  it('is harmless whatever the log holds', async () => {
    const hostile = '\u001b]0;x\u0007\u202e\n::error::x\n##vso[task.x]';
    const { out } = await show(`${logOf({ EventID: 1, EventRecordID: 7, [hostile]: hostile })}:7`);
    expect(out).not.toMatch(/(?!\n)[\u0000-\u001f\u202e]|^\s*::.*::|##vso\[/m);
  });
  it('says what there is not', async () => {
    expect(await show('security.xml:1')).toEqual({ code: 4, out: '', err: 'winnow show: security.xml has no record 1.\n' });
    expect((await show('nowhere.evtx:1')).code).toBe(4);
    expect((await show('security.xml')).err).toContain('write FILE:RECORD');
  });
});
