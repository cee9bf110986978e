/** Known fields that no event of a kind has are said, per file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { summaryFacts } from '../../src/report/summary-facts.ts';
import { scan } from '../../src/scan.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const log = join(folder, 'log.jsonl');
const rules = join(folder, 'rule.yml');
writeFileSync(
  rules,
  'title: T\nlogsource: {product: windows, service: sysmon}\ndetection:\n  s: {EventID: 255}\n  condition: s\n',
);

async function scanned(records: readonly object[], threads = 1) {
  writeFileSync(log, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const result = await scan({ paths: [log], rules: [rules], windowUs: 0, threads });
  result.close();
  return result;
}
async function told(records: readonly object[], threads?: number): Promise<string[]> {
  const { summary } = await scanned(records, threads);
  return summary.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, '.').split(' Rules')[0]!);
}

const sysmon = (id: number, data: object): object => ({
  EventID: id,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  '@timestamp': '2024-01-01T00:00:00Z',
  ...data,
});

test('a kind of which no event has the field', async () => {
  const records = [
    sysmon(5, { Image: 'a' }),
    sysmon(1, { exe: 'a' }),
    sysmon(1, { exe: 'a', ParentImage: 'b' }),
    sysmon(1, { exe: 'c' }),
  ];
  expect(await told(records)).toEqual([
    './log.jsonl record 1 at 0x6f warning input/no-field: Sysmon 1: no Image, CommandLine in 3 of 3 records.',
  ]);
});

test('some without it, kinds that are not known, and other channels: nothing', async () => {
  const records = [
    sysmon(1, { exe: 'a' }),
    sysmon(1, { Image: 'a' }),
    sysmon(99, { exe: 'a' }),
    { ...sysmon(1, { exe: 'a' }), Channel: 'Other' },
  ];
  expect(await told(records)).toEqual([]);
});

test('records of one shape and different kinds, one after the other', async () => {
  const records = [1, 3, 1, 3].map((id) => sysmon(id, { DestinationIp: 'a', DestinationPort: 1 }));
  expect(await told(records)).toEqual([
    './log.jsonl record 0 at 0x0 warning input/no-field: Sysmon 1: no Image, CommandLine, ParentImage in 2 of 2 records.',
    './log.jsonl record 1 at 0x8b warning input/no-field: Sysmon 3: no Image in 2 of 2 records.',
  ]);
});

test('the summary says which exporters wrote the records', async () => {
  const tree = { Event: { System: { EventID: 1, Channel: 'x', TimeCreated: '2024-01-01T00:00:00Z' }, EventData: { A: 'b' } } };
  const result = await scanned([sysmon(5, { Image: 'a' }), tree, tree]);
  expect(result.summary.files[0]?.exporters).toEqual({ flat: 1, 'evtx-json': 2 });
  const facts = summaryFacts({
    rules: result.rules,
    matches: () => [],
    matchTexts: () => [],
    correlations: [],
    alerts: [],
    incidents: [],
    incidentCount: 0,
    correlationIncidents: new Map(),
    summary: result.summary,
  });
  expect(facts.find(({ label }) => label === 'exporters')?.lines).toEqual(['evtx-json 2, flat 1']);
});
