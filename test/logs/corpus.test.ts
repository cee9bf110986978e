/** Exports of the acceptance corpus: every form of a log gives the same events. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { format as evtx } from '../../src/logs/evtx/format.ts';
import { encodingOf } from '../../src/logs/open/encoding.ts';
import { textHead } from '../../src/logs/open/sniff.ts';
import type { EventSnapshot } from '../../src/model/event.ts';
import { describeShared, shared } from '../support/shared.ts';
import { decode, readJson, readXml } from './support.ts';

function filesUnder(folder: string): string[] {
  // Asked while tests are collected, when the corpus may be absent.
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesUnder(path) : [path]));
}

/** Offsets differ between forms, and exporters keep different numbers of digits of a time. */
function comparable({ offset: _, TimeCreated, timeUs: __, system, data, ...rest }: EventSnapshot): object {
  const { TimeCreated_SystemTime: ___, ...others } = system;
  return { ...rest, time: TimeCreated?.slice(0, 26), system: others, data: { ...data } };
}

const xmlFolder = shared('corpus', 'exports', 'xml');
const readXmlFile = (name: string): ReturnType<typeof readXml> => {
  const bytes = readFileSync(join(xmlFolder, name));
  return readXml(textHead(bytes, encodingOf(bytes)));
};

describeShared('exports of the corpus', () => {
  test.each(['dcsync', 'wmi-commandline-consumer', 'wmi-ghost'])(
    '%s: Event Viewer, wevtutil and UTF-16 give the same events',
    (name) => {
      const viewer = readXmlFile(`${name}.events.xml`);
      expect(viewer.diagnostics).toEqual([]);
      expect(viewer.events.length).toBeGreaterThan(1);
      for (const form of ['wevtutil.pretty', 'wevtutil.utf16']) {
        const other = readXmlFile(`${name}.${form}.xml`);
        expect(other.events.map(comparable)).toEqual(viewer.events.map(comparable));
        expect(other.diagnostics).toEqual([]);
      }
    },
  );

  test('every XML export reads without a fault', () => {
    const counts = readdirSync(xmlFolder).map((name) => {
      const { stats, diagnostics } = readXmlFile(name);
      expect(diagnostics, name).toEqual([]);
      const marks = textHead(readFileSync(join(xmlFolder, name)), encodingOf(readFileSync(join(xmlFolder, name))))
        .toString('utf8')
        .match(/<Event[ >]/g);
      expect(stats.records, name).toBe(marks?.length);
      return stats.records;
    });
    expect(counts.length).toBeGreaterThan(10);
  });

  test('the NXLog capture: all records, UTC from two stamps of reception', () => {
    const read = readJson(readFileSync(shared('corpus', 'exports', 'nxlog', 'covenant_wmi_remote_event_subscription.jsonl')));
    expect([read.stats.records, read.stats.damaged, read.diagnostics]).toEqual([3719, 0, []]);
    const binding = read.events.find(({ EventID, Channel }) => EventID === 21 && Channel.includes('Sysmon'));
    expect(binding).toMatchObject({
      TimeCreated: '2020-09-02T01:43:50.0000000Z',
      Provider: 'Microsoft-Windows-Sysmon',
      Computer: 'WORKSTATION6.theshire.local',
      EventRecordID: 430469,
    });
    expect({ ...binding?.data }).toEqual({
      Operation: 'Created',
      RuleName: '-',
      User: 'THESHIRE\\pgustavo',
      UtcTime: '2020-09-02 01:43:50.069',
      Consumer: ' "ActiveScriptEventConsumer.Name=\\"WSUS_RP5ZB\\""',
      Filter: ' "__EventFilter.Name=\\"WSUS_QQTJ7\\""',
      EventType: 'WmiBindingEvent',
    });
    // UserData is lost in this export; the rendered text stands in for it.
    const native = read.events.find(({ EventID }) => EventID === 5857);
    expect(Object.keys(native?.data ?? {})).toEqual(['Message']);
  });

  const pairs = filesUnder(shared('corpus', 'regression')).filter(
    (path) => path.endsWith('.evtx') && existsSync(path.replace(/evtx$/, 'json')),
  );

  test('the 202 regression files: JSON gives what EVTX gives, but for blanks at the end of values', () => {
    expect(pairs).toHaveLength(202);
    let records = 0;
    for (const path of pairs) {
      const json = readJson(readFileSync(path.replace(/evtx$/, 'json')));
      const binary = decode(evtx, readFileSync(path));
      expect(json.diagnostics, path).toEqual([]);
      records += json.stats.records;
      const expected = binary.events.map(comparable).map(trimmed);
      // Somebody has edited this JSON by hand: the EVTX has `Explorer.EXE`.
      if (path.includes('proc_creation_win_susp_right_to_left_override'))
        Object.assign((expected[0] as { data: object }).data, { ParentCommandLine: 'C:\\Windows\\Explorer.exe' });
      expect(json.events.map(comparable), path).toEqual(expected);
    }
    expect(records).toBe(238);
  });
});

/** evtx_dump cuts blanks off the end of every text value. */
function trimmed(event: object): object {
  const { data } = event as { data: Record<string, unknown> };
  const values = Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? value.trimEnd() : value]);
  return { ...event, data: Object.fromEntries(values) };
}
