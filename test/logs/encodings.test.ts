/** Text that is not what it seems: in a code page, with an encoding that nobody knows, or in two encodings one after the other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { transcoderOf } from '../../src/logs/open/encoding.ts';
import { readRange } from '../../src/logs/open/open.ts';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { scan } from '../../src/scan.ts';
import { ruleText } from '../engine/match/rules.ts';
import { temporaryFolder } from '../support/folder.ts';
import { eventXml } from './support.ts';

const folder = temporaryFolder();

async function read(content: Buffer | string): Promise<{ codes: string[]; ids: string[] }> {
  const path = join(folder, 'log');
  writeFileSync(path, content);
  const ids: string[] = [];
  const { diagnostics } = await readLogs([path], (event) => void ids.push(String(event.value(event.shape.system.recordId))));
  return { codes: diagnostics.map(({ code, place }) => `${code} at ${place.offset}`), ids };
}

const line = (id: number, name = 'x'): string => `{"EventID":1,"EventRecordID":${id},"Channel":"c","Name":"${name}"}\n`;

describe('a code page', () => {
  it('of JSON, of CSV and of XML that declares none is said once, where it begins', async () => {
    const head = line(1);
    expect(await read(Buffer.from(head + line(2, 'Jürgen') + line(3, 'ä'), 'latin1'))).toEqual({
      codes: [`input/code-page at ${head.length + line(2, 'Jürgen').indexOf('ü')}`],
      ids: ['1', '2', '3'],
    });
    const xml = await read(
      Buffer.from(`<Events>${eventXml(1, '<EventData><Data>Jürgen</Data></EventData>')}</Events>`, 'latin1'),
    );
    expect(xml.codes.map((code) => code.split(' ')[0])).toEqual(['input/code-page']);
    const csv = await read(Buffer.from('EventID,Channel,EventRecordID,Name\n1,c,7,Jürgen\n', 'latin1'));
    expect(csv).toEqual({ codes: ['input/code-page at 42'], ids: ['7'] });
  });
  it('UTF-8 is not taken for one, wherever blocks end', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => line(i, '€ü\u{1F600}')).join('');
    expect((await read(text)).codes).toEqual([]);
  });
});

it('an encoding that XML declares and nobody knows is said, and the text is read', async () => {
  const { codes, ids } = await read(`<?xml version="1.0" encoding="x-klingon"?>\n<Events>${eventXml(5)}</Events>`);
  expect({ codes, ids }).toEqual({ codes: ['input/encoding at 0'], ids: ['5'] });
});

describe('a part of a text that is zeros', () => {
  const zeros = (length: number): Buffer => Buffer.alloc(length);
  const at = (text: string): string => `input/zero-bytes at ${text.length}`;

  it('is said where it begins, and the records around it are read', async () => {
    const json = line(1);
    expect(await read(Buffer.concat([Buffer.from(json), zeros(5_000), Buffer.from(line(2))]))).toEqual({
      codes: [at(json)],
      ids: ['1', '2'],
    });
    const xml = `<Events>${eventXml(1)}`;
    const more = Buffer.from(`${eventXml(2)}</Events>`);
    expect(await read(Buffer.concat([Buffer.from(xml), zeros(5_000), more, zeros(5_000)]))).toEqual({
      codes: [at(xml)],
      ids: ['1', '2'],
    });
    const csv = 'EventID,Channel,EventRecordID\n1,c,7\n';
    const { codes, ids } = await read(Buffer.concat([Buffer.from(csv), zeros(5_000), Buffer.from('\n1,c,8\n')]));
    expect({ codes: codes.filter((code) => code.startsWith('input/')), ids }).toEqual({ codes: [at(csv)], ids: ['7', '8'] });
  });
  it('is said once of a log that is read in ranges', async () => {
    const path = join(folder, 'large');
    const json = line(1);
    const rule = join(folder, 'rule.yml');
    writeFileSync(rule, ruleText('a: {A: value}\ncondition: a'));
    writeFileSync(path, Buffer.concat([Buffer.from(json), zeros(20 << 20), Buffer.from(`\n${line(2)}`)]));
    for (const threads of [1, 2]) {
      const { summary } = await scan({ paths: [path], rules: [rule], threads, version: 'test' });
      expect(summary.diagnostics.filter(({ code }) => code === 'input/zero-bytes').map(({ place }) => place.offset)).toEqual([
        json.length,
      ]);
      expect(summary.totals.records).toBe(2);
    }
  });
  it('is said where a range ends in the middle of it', () => {
    const path = join(folder, 'cut');
    const json = line(1);
    writeFileSync(path, Buffer.concat([Buffer.from(json), zeros(512), Buffer.from(`\n${line(2)}`)]));
    for (const cut of [1, 256, 511]) {
      const said: (number | undefined)[] = [];
      const diagnostic = ({ place }: Diagnostic): void => void said.push(place.offset);
      const range = { start: 0, end: json.length + cut };
      readRange(path, 'json', range, { event: () => {}, diagnostic }, { recover: false, verify: false });
      expect([cut, said]).toEqual([cut, [json.length]]);
    }
  });
  it('a few zeros are not one', async () => {
    expect((await read(Buffer.concat([Buffer.from(line(1)), zeros(100), Buffer.from(line(2))]))).codes).toEqual([]);
  });
});

describe('UTF-8 behind UTF-16', () => {
  const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  const little = (text: string): Buffer => Buffer.from(text, 'utf16le');

  it.each([
    ['JSON', (id: number) => line(id, 'ü')],
    ['XML', (id: number) => `${eventXml(id)}\r\n`],
  ])('%s: all of it is read', async (_name, record) => {
    for (const utf16 of [little, big]) {
      for (const mark of ['', '\ufeff']) {
        const first = utf16(`\ufeff${record(1)}${record(2)}`);
        const { codes, ids } = await read(Buffer.concat([first, Buffer.from(`${mark}${record(3)}${record(4)}`)]));
        expect({ codes, ids }).toEqual({ codes: [], ids: ['1', '2', '3', '4'] });
      }
    }
  });
  it('whatever the size of blocks', () => {
    const bytes = Buffer.concat([little(line(1, '\u{1F600}')), Buffer.from(line(2, 'ü'))]);
    for (let size = 1; size < 40; size++) {
      const transcoder = transcoderOf('utf-16le');
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) parts.push(transcoder.push(bytes.subarray(at, at + size)));
      expect(Buffer.concat([...parts, transcoder.end()]).toString()).toBe(line(1, '\u{1F600}') + line(2, 'ü'));
    }
  });
});
