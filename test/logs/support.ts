/** Reads text or bytes that stand in a test. */

import { format as json } from '../../src/logs/json/format.ts';
import type { LogFormat } from '../../src/logs/log-format.ts';
import { MemorySource } from '../../src/logs/open/byte-source.ts';
import { readRange } from '../../src/logs/open/open.ts';
import { format as xml } from '../../src/logs/xml/format.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import type { ReadStats } from '../../src/model/match.ts';
import type { ByteRange } from '../../src/model/reader.ts';
import { thread } from '../../src/thread.ts';

export const READ_OPTIONS = { recover: false, verify: false };

export interface Decoded {
  readonly events: EventSnapshot[];
  readonly diagnostics: Diagnostic[];
  readonly stats: ReadStats;
  /** Of all ranges together. */
  readonly damaged: number;
}

/** `code at offset` of each diagnostic. */
export function codes({ diagnostics }: Decoded): string[] {
  return diagnostics.map(({ code, place }) => `${code}${place.offset === undefined ? '' : ` at ${place.offset}`}`);
}

/** Decodes in blocks of the given lengths (the last one is repeated); one block when there are none. */
export function decode(format: LogFormat, input: string | Uint8Array, blocks: readonly number[] = [], context = thread): Decoded {
  const bytes = Buffer.from(input as string);
  const events: EventSnapshot[] = [];
  const diagnostics: Diagnostic[] = [];
  const decoder = format.decoder(
    'log',
    { event: (e) => events.push(snapshotEvent(e, 'log')), diagnostic: (d) => diagnostics.push(d) },
    READ_OPTIONS,
    context,
  );
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = blocks[Math.min(i, blocks.length - 1)] ?? bytes.length;
    // A copy that is overwritten afterwards: a decoder must not look at a block after `push` has returned.
    const block = Buffer.from(bytes.subarray(at, at + length));
    decoder.push(block);
    block.fill(0x3f);
    at += length;
  }
  decoder.end();
  return { events, diagnostics, stats: decoder.stats, damaged: decoder.stats.damaged };
}

/** Reads range after range, as worker threads do; indexes are made those of the whole file. */
export function decodeRanges(format: LogFormat, input: string | Uint8Array, ranges: readonly ByteRange[]): Decoded {
  const source = new MemorySource('log', Buffer.from(input as string));
  const events: EventSnapshot[] = [];
  const diagnostics: Diagnostic[] = [];
  let stats: ReadStats | null = null;
  let damaged = 0;
  for (const range of ranges) {
    const before = events.length;
    const sink = {
      event: (e: Parameters<typeof snapshotEvent>[0]) => {
        const snapshot = snapshotEvent(e, 'log');
        events.push({ ...snapshot, index: snapshot.index + before });
      },
      diagnostic: (d: Diagnostic) => diagnostics.push(d),
    };
    stats = readRange(source, format, range, sink, READ_OPTIONS, thread);
    damaged += stats.damaged;
  }
  return { events, diagnostics, stats: stats!, damaged };
}

export const readXml = (input: string | Uint8Array, blocks?: readonly number[], context = thread): Decoded =>
  decode(xml, input, blocks, context);
export const readJson = (input: string | Uint8Array, blocks?: readonly number[], context = thread): Decoded =>
  decode(json, input, blocks, context);

/** An Event with what most tests need; `rest` is what follows System. */
export function eventXml(id: number, rest = `<EventData><Data Name="Image">C:\\a${id}.exe</Data></EventData>`): string {
  return (
    `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>` +
    `<Provider Name="Microsoft-Windows-Sysmon" Guid="{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"/><EventID>1</EventID>` +
    `<TimeCreated SystemTime="2024-03-01T10:00:00.1234567Z"/><EventRecordID>${id}</EventRecordID><Correlation/>` +
    `<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>PC1</Computer><Security UserID="S-1-5-18"/></System>${rest}</Event>`
  );
}

export const dataOf = ({ events }: Decoded): Record<string, unknown>[] => events.map(({ data }) => ({ ...data }));
export const idsOf = ({ events }: Decoded): (number | null)[] => events.map(({ EventRecordID }) => EventRecordID);
