/** Records that were read but are no whole Windows events: what is said of them, and when that is an error. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { diagnosticsOf } from '../../src/scan/account/source-diagnostics.ts';
import { scan } from '../../src/scan.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(
    at('rule.yml'),
    'title: T\nlogsource: {product: windows, service: security}\ndetection:\n  selection:\n    EventID: 4624\n  condition: selection\n',
  );
  mkdirSync(at('logs'));
});

const event = { EventID: 1, Channel: 'Security', '@timestamp': '2024-01-01T00:00:00Z', Image: 'a' };
const without = (...keys: string[]): object => Object.fromEntries(Object.entries(event).filter(([key]) => !keys.includes(key)));

async function told(
  records: readonly object[],
  path = 'logs/log.jsonl',
  times?: { fromUs: number; toUs: number },
): Promise<string[]> {
  writeFileSync(at('logs/log.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const result = await scan({ paths: [at(path)], rules: [at('rule.yml')], windowUs: 0, threads: 1, times });
  result.close();
  return result.summary.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, '.').split('. ')[0]!);
}

test('whole events: nothing', async () => {
  expect(await told([event, event])).toEqual([]);
});

test.each([
  [
    'no event at all, in a file that is named',
    [{ name: 'x' }, { name: 'y' }],
    [
      './logs/log.jsonl record 0 at 0x0 error input/unknown-shape: 2 of 2 records have no channel, provider or EventID in a place that is known: this is no Windows event, or an export of another shape.',
    ],
  ],
  [
    'one that is none among events',
    [event, { name: 'y' }],
    [
      './logs/log.jsonl record 1 at 0x53 warning input/unknown-shape: 1 of 2 records has no channel, provider or EventID in a place that is known: this is no Windows event, or an export of another shape.',
      './logs/log.jsonl record 1 at 0x53 warning input/no-time: 1 of 2 records has no time that can be read: --from and --to let them pass.',
    ],
  ],
  [
    'no channel',
    [without('Channel'), event, without('Channel')],
    [
      './logs/log.jsonl record 0 at 0x0 warning input/no-channel: 2 of 3 records have no channel: rules know them by their provider only.',
    ],
  ],
  [
    'no data but a rendered message',
    [event, { ...without('Image'), Message: 'm' }, without('Image')],
    [
      './logs/log.jsonl record 1 at 0x53 warning input/no-data: 2 of 3 records have no data: nothing but System fields was recognised.',
    ],
  ],
  [
    'no time, and one that cannot be read',
    [without('@timestamp'), event, { ...event, '@timestamp': 'yesterday' }],
    [
      './logs/log.jsonl record 0 at 0x0 warning input/no-time: 2 of 3 records have no time that can be read: --from and --to let them pass.',
    ],
  ],
])('%s', async (_name, records, expected) => {
  const trimmed = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/\.$/, ''));
  expect(trimmed(await told(records))).toEqual(trimmed(expected));
  const filtered = await told(records, 'logs/log.jsonl', { fromUs: 0, toUs: 1 });
  expect(trimmed(filtered)).toEqual(trimmed(expected));
});

test('a folder that somebody has named is not a file that somebody has named', async () => {
  const lines = await told([{ name: 'x', _raw: 'y' }], 'logs');
  expect(lines.map((line) => line.split(':')[0])).toEqual(['./logs/log.jsonl record 0 at 0x0 warning input/unknown-shape']);
});

test('the parts of a large file are one source', async () => {
  const records = [
    ...Array.from({ length: 120_000 }, () => event),
    without('Channel'),
    ...Array.from({ length: 120_000 }, () => event),
  ];
  const [line] = await told(records);
  expect(line).toContain('log.jsonl record 120000 at 0x');
  expect(line).toContain('1 of 240001 records has no channel');
});

test('records in slack space count, and an EVTX log cannot be exported any better', () => {
  const part = {
    result: {
      diagnostics: [],
      stats: { format: 'evtx', records: 2, recovered: 5 },
      tally: { gaps: [{ kind: 'channel', count: 4, index: 0, offset: 512 }], kinds: [] },
    },
    firstIndex: 0,
  };
  const found = [{ source: { path: 'a.evtx' }, change: null, parts: [part] }] as unknown as Parameters<typeof diagnosticsOf>[0];
  expect(diagnosticsOf(found, []).map(formatDiagnostic)).toEqual([
    'a.evtx record 0 at 0x200 warning input/no-channel: 4 of 7 records have no channel: rules know them by their provider only.',
  ]);
});
