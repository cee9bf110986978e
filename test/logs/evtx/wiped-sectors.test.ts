/**
 * Every sector of a log wiped: each record is read, or said to be damaged or missing. What is wiped inside of a record's values is
 * read as it stands (`verify` tells).
 */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openEvtx } from '../../../src/logs/evtx/index.ts';
import { describeShared, shared } from '../../support/shared.ts';
import { CHUNK, ChunkWriter, el, eventRecord, evtxLog, HEADER, instance, sub, template, v } from './support/evtx-writer.ts';

const SECTOR = 512;

/** Three chunks, records 1 to 300, of two templates with long definitions. */
function fixture(): Buffer {
  const names = Array.from({ length: 30 }, (_, i) => `NameOfTheField${i}`);
  const templates = [names, names.slice(0, 12)].map((list) =>
    template(el('EventData', {}, ...list.map((name, i) => el('Data', { Name: name }, sub(i))))),
  );
  let id = 1;
  const chunks = Array.from({ length: 3 }, () => {
    const chunk = new ChunkWriter(id);
    for (let i = 0; i < 100; i++, id++) {
      const values = names
        .slice(0, id % 2 === 0 ? 30 : 12)
        .map((_, n) => v.string(`value ${id} ${n}`.padEnd(1 + (id % 17), 'x')));
      if (chunk.at > CHUNK - 3000) values.splice(1);
      chunk.record(eventRecord(1, instance(templates[id % 2]!, ...values), BigInt(id)));
    }
    return chunk.finish();
  });
  return sealed(evtxLog(chunks), BigInt(id));
}

/** With the id of the next record in the header, and its checksum. */
function sealed(log: Buffer, nextId: bigint): Buffer {
  log.writeBigUInt64LE(nextId, 24);
  log.writeUInt32LE(crc32(log.subarray(0, 120)), 124);
  return log;
}

interface Read {
  readonly events: number;
  readonly told: number;
  readonly empty: number;
  readonly diagnostics: number;
}

function read(log: Buffer): Read {
  let diagnostics = 0;
  let events = 0;
  let empty = 0;
  const opened = openEvtx(log, { onDiagnostic: () => diagnostics++ });
  for (const record of opened) {
    events++;
    if (record.channel === '' || record.eventId < 0) empty++;
  }
  const { damaged, missing = 0 } = opened.stats;
  return { events, told: damaged + missing, empty, diagnostics };
}

/** Wipes one sector after the other; what was lost without a word. */
function silentLosses(log: Buffer): unknown[] {
  const whole = read(log);
  expect(whole).toMatchObject({ told: 0, empty: 0, diagnostics: 0 });
  const wrong: unknown[] = [];
  for (const value of [0x00, 0xff]) {
    for (let at = 0; at < log.length; at += SECTOR) {
      const wiped = Buffer.from(log);
      wiped.fill(value, at, at + SECTOR);
      // Nothing is left that says it is a log, where the first chunk is wiped as well; here one of both is there.
      const { events, told, empty, diagnostics } = read(wiped);
      const silent = events < whole.events && diagnostics === 0;
      if (events + told < whole.events || (empty > 0 && diagnostics === 0) || silent)
        wrong.push([value, at.toString(16), events, told, empty]);
    }
  }
  return wrong;
}

describe('each sector of a log wiped with 0x00 and with 0xff', () => {
  it('loses no record without a word', () => {
    const log = fixture();
    expect(log.length).toBe(HEADER + 3 * CHUNK);
    expect(silentLosses(log)).toEqual([]);
  }, 120_000);
});

describeShared('each sector of a log of Windows wiped', () => {
  it('loses no record without a word', () => {
    const log = readFileSync(
      shared('corpus', 'evtx-attack-samples', 'Privilege Escalation', 'privesc_unquoted_svc_sysmon_1_11.evtx'),
    );
    expect(silentLosses(log.subarray(0, HEADER + 3 * CHUNK))).toEqual([]);
  }, 120_000);
});
