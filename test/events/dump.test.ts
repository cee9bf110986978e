/** `winnow dump`: what is written says the same as what was read. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventRenderer } from '../../src/events/render-event.ts';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hasShared, projectRoot, shared } from '../support/shared.ts';

const folder = temporaryFolder();
const fixtures = join(projectRoot, 'fixtures');

type Kept = Pick<EventSnapshot, 'Channel' | 'EventID' | 'Computer' | 'TimeCreated' | 'EventRecordID' | 'Provider' | 'data'>;

async function eventsOf(path: string): Promise<Kept[]> {
  const events: Kept[] = [];
  const { diagnostics } = await readLogs([path], (event) => {
    const { Channel, EventID, Computer, TimeCreated, EventRecordID, Provider, data } = snapshotEvent(event, '');
    events.push({ Channel, EventID, Computer, TimeCreated, EventRecordID, Provider, data: { ...data } });
    return true;
  });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return events;
}

async function dumped(path: string, format: string): Promise<string> {
  const out = join(folder, `out.${format}`);
  expect(await runWinnow(['dump', path, '-f', format, '-o', out, '--force'])).toEqual({ code: 0, out: '', err: '' });
  return out;
}

describe('winnow dump', () => {
  const samples = hasShared
    ? readdirSync(shared('corpus', 'evtx-attack-samples'), { recursive: true, encoding: 'utf8' })
        .map((name) => shared('corpus', 'evtx-attack-samples', name))
        .filter((path) => path.endsWith('.evtx') && statSync(path).size < 100_000)
        .slice(0, 12)
    : [];
  const logs = [...['security.xml', 'wmi-subscription.xml', 'powershell.xml'].map((name) => join(fixtures, name)), ...samples];
  it.each(logs)('%s: JSON Lines and XML hold the events that were read', async (path) => {
    const events = await eventsOf(path);
    expect(events.length).toBeGreaterThan(0);
    expect(await eventsOf(await dumped(path, 'jsonl'))).toEqual(events);
    // An element without text is an empty value in XML.
    const emptied = (kept: readonly Kept[]) => JSON.parse(JSON.stringify(kept).replaceAll('null', '""')) as unknown;
    expect(emptied(await eventsOf(await dumped(path, 'xml')))).toEqual(emptied(events));
  });
  it('writes a table for a spreadsheet', async () => {
    const rows = readFileSync(await dumped(join(fixtures, 'security.xml'), 'csv'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(rows[0]).toBe('\ufeffTimestamp,Computer,Channel,EventID,RecordID,Provider,Details,AllFields,File,Index,Event');
    expect(rows).toHaveLength(1 + (await eventsOf(join(fixtures, 'security.xml'))).length);
  });
  it('writes what the filter lets through', async () => {
    const count = async (...argv: string[]) =>
      (await runWinnow(['dump', join(fixtures, 'security.xml'), ...argv])).out.split('\n').length - 1;
    const events = await eventsOf(join(fixtures, 'security.xml'));
    const first = events.map(({ TimeCreated }) => TimeCreated!).sort()[0]!;
    expect(await count('--event-id', '4624')).toBe(events.filter(({ EventID }) => EventID === 4624).length);
    expect(await count('--channel', 'SEC*', '--computer', 'srv-02*')).toBe(
      events.filter(({ Channel, Computer }) => Channel === 'Security' && Computer.toLowerCase().startsWith('srv-02')).length,
    );
    expect(await count('--to', first)).toBe(1);
    expect(await count('--channel', 'Other')).toBe(0);
    expect((await runWinnow(['dump', join(fixtures, 'security.xml'), '--from', '2020-01-02', '--to', '2020-01-01'])).code).toBe(
      3,
    );
  });
  it('holds nothing that acts on a terminal or a CI server, and means the same', async () => {
    const hostile = '\u001b[31m\u202e<x a="1">&\u2028##vso[task.x]\n::error file=a::b';
    const event = plainEvent({ Channel: hostile, EventID: 1, '<name>': hostile });
    const renderer = new EventRenderer();
    for (const text of [renderer.json(event), renderer.xml(event)]) {
      expect(text).not.toMatch(/(?!\n)[\u0000-\u001f\u007f-\u009f\u202e\u2028]|##vso\[|^::/m);
    }
    expect(JSON.parse(renderer.json(event))).toMatchObject({
      Event: { System: { Channel: hostile }, EventData: { '<name>': hostile } },
    });
    const path = join(folder, 'hostile.xml');
    writeFileSync(path, renderer.xml(event));
    expect((await eventsOf(path))[0]?.data['<name>']).toBe(hostile.replace('\u001b', '\ufffd'));
  });
});
