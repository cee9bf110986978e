/** A log's events as plain data. */

import { openEvtx } from '../../../../src/logs/evtx/index.ts';
import { type EventSnapshot, snapshotEvent } from '../../../../src/model/event.ts';
import type { ReadOptions } from '../../../../src/model/reader.ts';
import { decodeBytes, PLAIN } from './read.ts';

export function readEvents(log: Buffer, options: ReadOptions = PLAIN, blockBytes?: number) {
  const events: EventSnapshot[] = [];
  const result = decodeBytes(log, options, (event) => events.push(snapshotEvent(event, 'test.evtx')), blockBytes);
  return { ...result, events };
}

/** Event data of each record. */
export function dataOf(log: Buffer): Record<string, unknown>[] {
  return readEvents(log).events.map(({ data }) => ({ ...data }));
}

export function renderings(log: Buffer): { json: unknown[]; xml: string[] } {
  const json: unknown[] = [];
  const xml: string[] = [];
  for (const record of openEvtx(log)) {
    json.push(JSON.parse(record.json()));
    xml.push(record.xml());
  }
  return { json, xml };
}
