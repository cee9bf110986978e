/** The same events whatever they come as: the native reader against the XML and JSON readers. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type EvtxRecord, openEvtx } from '../../../src/logs/evtx/index.ts';
import { format as jsonFormat } from '../../../src/logs/json/format.ts';
import type { LogFormat } from '../../../src/logs/log-format.ts';
import { format as xmlFormat } from '../../../src/logs/xml/format.ts';
import { type EventSnapshot, type FieldValue, snapshotEvent } from '../../../src/model/event.ts';
import { thread } from '../../../src/thread.ts';
import { describeShared, shared } from '../../support/shared.ts';
import { evtxFiles } from './support/peers.ts';
import { PLAIN } from './support/read.ts';

type Snapshot = Omit<EventSnapshot, 'offset' | 'index'>;

function withoutPlace({ offset: _offset, index: _index, ...rest }: EventSnapshot): Snapshot {
  return rest;
}

function decodeText(format: LogFormat, name: string, text: Buffer): Snapshot[] {
  const events: Snapshot[] = [];
  const sink = {
    event: (event: Parameters<typeof snapshotEvent>[0]) => events.push(withoutPlace(snapshotEvent(event, name))),
    diagnostic: (diagnostic: unknown) => expect.unreachable(`${name}: ${JSON.stringify(diagnostic)}`),
  };
  const decoder = format.decoder(name, sink, PLAIN, thread);
  decoder.push(text);
  decoder.end();
  return events;
}

function readNative(file: string, render: (record: EvtxRecord) => string) {
  const log = openEvtx(file);
  const events: Snapshot[] = [];
  const lines: string[] = [];
  for (const record of log) {
    events.push(withoutPlace(record.snapshot()));
    lines.push(render(record));
  }
  log.close();
  return { events, text: Buffer.from(`${lines.join('\n')}\n`) };
}

/** `change` for every text of an event. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => (typeof part === 'string' ? change(part) : part)) as T;
}

describeShared('an event of the corpus', () => {
  const files = () => ['regression', 'evtx-attack-samples'].flatMap((set) => evtxFiles(shared('corpus', set)));

  it('is the same read natively and from the XML that it renders to', { timeout: 120_000 }, () => {
    // XML has no control characters.
    const printable = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
    for (const file of files()) {
      const { events, text } = readNative(file, (record) => record.xml());
      expect(decodeText(xmlFormat, file, text)).toEqual(mapTexts(events, printable));
    }
  });

  it('is the same read natively and from the JSON that it renders to', { timeout: 120_000 }, () => {
    // The JSON reader writes GUIDs as Windows does; some providers spell their own in lower case.
    const guids = (text: string) => text.replace(/^\{[0-9a-fA-F-]{36}\}$/, (guid) => guid.toUpperCase());
    for (const file of files()) {
      const { events, text } = readNative(file, (record) => record.json());
      expect(mapTexts(decodeText(jsonFormat, file, text), guids)).toEqual(mapTexts(events, guids));
    }
  });

  it('is the same from .evtx as from the .json beside it in the regression data', () => {
    let compared = 0;
    // Made by other tools (evtx_dump of its time: microseconds only, blanks at the end trimmed) and in one case edited by hand:
    // case is not compared.
    const older = (value: FieldValue) =>
      mapTexts(value, (text) =>
        text
          .toLowerCase()
          .trimEnd()
          .replace(/(\.\d{6})\d+z$/, '$1z')
          .replace(/^\{([0-9a-f-]{36})\}$/, '$1'),
      );
    for (const file of evtxFiles(shared('corpus', 'regression'))) {
      const json = file.replace(/\.evtx$/, '.json');
      if (!existsSync(json)) continue;
      const { events } = readNative(file, () => '');
      const fields = ({ system, data }: Snapshot) => ({ system: older(system as never), data: older(data as never) });
      const others = decodeText(jsonFormat, json, readFileSync(json));
      expect([file, others.map(fields)]).toEqual([file, events.map(fields)]);
      compared += others.length;
    }
    expect(compared).toBe(238);
  });
});
