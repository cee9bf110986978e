/** A scan of archives finds what a scan of the logs beside them finds, look-back included. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { scan } from '../../src/scan.ts';
import { tar, zip } from '../logs/archives/make-archives.ts';
import { folderWith } from '../support/folder.ts';

const RULE = `
title: certutil
level: high
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\\certutil.exe' }
  condition: selection
`;
const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const row = (minute: number, image: string): string =>
  `1,${CHANNEL},PC1,C:\\Windows\\${image},"${image} ""x"", y",2024-03-05T09:0${minute}:22Z\n`;
const TABLE = `EventID,Channel,Computer,Image,CommandLine,TimeCreated\n${row(1, 'cmd.exe')}${row(2, 'certutil.exe')}`;
const LINE = `${JSON.stringify({ EventID: 1, Channel: CHANNEL, Computer: 'PC1', Image: 'C:\\b.exe', TimeCreated: '2024-03-05T09:00:00Z' })}\n`;

let folder = '';
beforeEach(() => {
  folder = folderWith();
  writeFileSync(join(folder, 'rule.yml'), RULE);
});

async function found(path: string): Promise<unknown> {
  const result = await scan({ paths: [path], rules: [join(folder, 'rule.yml')], version: 'test' });
  try {
    const name = (file: string): string => file.replace(`${path}/`, '').replace(`${path}!`, '');
    const matches = [...result.matches()].map(({ event, lookback }) => [
      name(event.file),
      event.index,
      event.data.Image,
      lookback?.events,
      lookback?.related.map((related) => [name(related.event.file), related.event.index]),
    ]);
    return { matches, files: result.summary.files.map(({ file, records, format }) => [name(file), records, format]) };
  } finally {
    result.close();
  }
}

test('ZIP and tar.gz give what the folder gives', async () => {
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  writeFileSync(join(logs, 'a.csv'), TABLE);
  writeFileSync(join(logs, 'b.jsonl'), LINE);
  const entries = [
    { path: 'a.csv', content: TABLE },
    { path: 'b.jsonl', content: LINE },
  ];
  const expected = await found(logs);
  expect(expected).toMatchObject({
    matches: [
      [
        'a.csv',
        1,
        'C:\\Windows\\certutil.exe',
        2,
        [
          ['b.jsonl', 0],
          ['a.csv', 0],
        ],
      ],
    ],
    files: [
      ['a.csv', 2, 'csv'],
      ['b.jsonl', 1, 'json'],
    ],
  });
  writeFileSync(join(folder, 'x.zip'), zip(entries));
  writeFileSync(join(folder, 'x.tgz'), gzipSync(tar(entries)));
  expect(await found(join(folder, 'x.zip'))).toEqual(expected);
  expect(await found(join(folder, 'x.tgz'))).toEqual(expected);
});
