import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { MatchBlockWriter, MatchStore } from '../../src/findings/store/match-store.ts';
import { Spool } from '../../src/findings/store/spool.ts';
import { InputError, InternalError } from '../../src/model/errors.ts';
import type { Match } from '../../src/model/match.ts';
import { folderWith } from '../support/folder.ts';
import { match } from './support.ts';

let folder = '';
beforeEach(() => {
  folder = folderWith();
});

const key = ({ rule, event }: Match): string => `${event.file} ${event.index} ${rule}`;

describe('a match store', () => {
  test('gives back what it was given, from memory and from disk, in file order and in time order', () => {
    const one = fc.record({
      rule: fc.integer({ min: 0, max: 3 }),
      seconds: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.NaN)),
      file: fc.integer({ min: 0, max: 2 }),
      range: fc.integer({ min: 0, max: 2 }),
      index: fc.integer({ min: 0, max: 5 }),
      text: fc.string({ maxLength: 300, unit: 'grapheme' }),
      block: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { maxLength: 60, selector: ({ rule, file, range, index }) => `${rule} ${file} ${range} ${index}` }),
        (given) => {
          const store = new MatchStore({ memoryBytes: 2000, folder });
          const blocks = new Map<string, MatchBlockWriter>();
          const expected: { match: Match; range: number; file: number }[] = [];
          for (const { rule, seconds, file, range, index, text, block } of given) {
            const each = match(rule, seconds, {
              file: `${file}.evtx`,
              index,
              computer: `PC${index}`,
              data: { text, list: [text, null] },
            });
            expected.push({ match: { ...each, event: { ...each.event, index: index + 100 * range } }, range, file });
            if (block === 0) {
              store.append(each, { file, range });
              continue;
            }
            const name = `${file} ${range} ${block}`;
            if (!blocks.has(name)) blocks.set(name, new MatchBlockWriter());
            blocks.get(name)!.add(each);
          }
          for (const [name, writer] of blocks) {
            const [file, range] = name.split(' ').map(Number);
            store.appendSerialized(writer.take(), { file: file!, range: range! });
          }
          for (const file of [0, 1, 2]) for (const range of [0, 1, 2]) store.setFirstIndex({ file, range }, 100 * range);
          const byFile = expected.map(({ match }) => match).sort((a, b) => compareFile(a, b));
          expect([...store.inFileOrder()]).toEqual(byFile);
          const byTime = byFile
            .filter(({ event }) => !Number.isNaN(event.timeUs))
            .sort((a, b) => a.event.timeUs - b.event.timeUs || compareFile(a, b));
          expect([...store.inTimeOrder()].map(({ match }) => key(match))).toEqual(byTime.map(key));
          expect([...store.inTimeOrder((rule) => rule === 1)].map(({ match }) => key(match))).toEqual(
            byTime.filter(({ rule }) => rule === 1).map(key),
          );
          expect(store.countWithoutTime()).toBe(byFile.length - byTime.length);
          store.close();
          expect(readdirSync(folder)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('has the matches of a recovered record together, also where it shares the index of another', () => {
    const store = new MatchStore();
    const block = new MatchBlockWriter();
    for (const EventRecordID of [7, 8]) {
      for (const rule of [0, 1]) {
        const one = match(rule, 0, { index: 3 });
        block.add({ ...one, event: { ...one.event, EventRecordID, recovered: true } });
      }
    }
    store.appendSerialized(block.take(), { file: 0, range: 0 });
    const found = [...store.inFileOrder()].map(({ rule, event }) => [event.EventRecordID, rule]);
    expect(found).toEqual([
      [7, 0],
      [7, 1],
      [8, 0],
      [8, 1],
    ]);
    store.close();
  });

  test('keeps an index that agrees with the matches', () => {
    const store = new MatchStore();
    const position = store.append(match(3, 5, { index: 7, computer: 'PC9' }), { file: 4, range: 2 });
    store.setFirstIndex({ file: 4, range: 2 }, 1000);
    expect([
      store.size,
      store.ruleAt(position),
      store.timeUsAt(position),
      store.computerAt(position),
      store.viaAt(position),
      store.recordIndexAt(position),
      [...store.computers()],
    ]).toEqual([1, 3, match(3, 5).event.timeUs, 'PC9', 'sysmon', 1007, ['PC9']]);
    expect(() => store.get(1)).toThrow(InternalError);
  });

  test('does not let field names from logs reach a prototype', () => {
    const store = new MatchStore();
    const event = match(0, 0);
    const data = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    store.append({ ...event, event: { ...event.event, data } });
    const kept = store.get(0).event.data;
    expect(Object.entries(kept)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf(kept)).toBeNull();
  });

  test('refuses bytes that are no block', () => {
    const store = new MatchStore();
    expect(() => store.appendSerialized(new Uint8Array(10), { file: 0, range: 0 })).toThrow(InternalError);
  });
});

describe('a spool', () => {
  test('has a file that nobody else can read, and that is gone when it closes', () => {
    const spool = new Spool(10, folder);
    spool.append(Buffer.from('0123456789'));
    expect(spool.spilled).toBe(false);
    spool.append(Buffer.from('abc'));
    expect(spool.spilled).toBe(true);
    // On POSIX the file has no name any more: it cannot be left behind by an interruption.
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    if (process.platform !== 'win32') expect(readdirSync(folder)).toEqual([]);
    expect(spool.read(8, 2).toString()).toBe('89');
    expect(spool.read(10, 3).toString()).toBe('abc');
    expect(() => spool.read(12, 2)).toThrow(RangeError);
    spool.close();
    expect(readdirSync(folder)).toEqual([]);
    spool.close();
  });

  test('reads across its pages, from file and from memory', () => {
    const spool = new Spool(300_000, folder);
    const blocks = Array.from({ length: 200 }, (_, i) => Buffer.alloc(5000 + i, i));
    const offsets = blocks.map((block) => spool.append(block));
    expect(spool.spilled).toBe(true);
    for (let i = 199; i >= 0; i -= 7) expect(spool.read(offsets[i]!, 5000 + i).equals(blocks[i]!)).toBe(true);
    spool.close();
  });

  test('reads ahead for who reads on, and goes on right where it jumps, skips and comes back', () => {
    const spool = new Spool(1000, folder);
    const bytes = Buffer.from(Uint32Array.from({ length: 400_000 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
    spool.append(bytes);
    const expectRead = (offset: number, length: number): void => {
      expect(spool.read(offset, length).equals(bytes.subarray(offset, offset + length))).toBe(true);
    };
    const readOn = (from: number, to: number): void => {
      for (let at = from; at + 1900 < to; at += 2000) expectRead(at, 1900);
    };
    readOn(0, 600_000);
    readOn(200_000, 300_000);
    expectRead(1_599_000, 1000);
    readOn(900_000, bytes.length);
    // Several rows at once, as many as are followed and more.
    for (const starts of [
      [0, 700_000],
      [100_000, 500_000, 1_000_000],
    ]) {
      for (let at = 0; at < 300_000; at += 2500) for (const start of starts) expectRead(start + at, 2400);
    }
    expectRead(bytes.length - 300_000, 300_000);
    readOn(0, 50_000);
    spool.close();
  });

  test('keeps blocks apart that lie in memory of released ones, larger and smaller', () => {
    const spool = new Spool(10_000_000, folder);
    const block = (value: number, bytes: number) => Buffer.alloc(bytes, value);
    const sizes = [300_000, 10, 600_000, 1, 262_144, 262_145, 5];
    const kept: { value: number; bytes: number; offset: number }[] = [];
    for (let round = 0; round < 12; round++) {
      for (const [i, bytes] of sizes.entries()) {
        const value = 1 + ((round * sizes.length + i) % 250);
        const given = block(value, bytes);
        kept.push({ value, bytes, offset: spool.append(given) });
        given.fill(0);
      }
      // Those in the middle go, in no order.
      for (const at of [3, 1]) for (const { offset } of kept.splice(at, 2)) spool.release(offset);
      for (const { value, bytes, offset } of kept) expect(spool.read(offset, bytes).equals(block(value, bytes))).toBe(true);
    }
    expect(spool.held).toBe(kept.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(spool.spilled).toBe(false);
    spool.close();
  });

  test('has blocks that were released no longer, neither in memory nor in its file', () => {
    const spool = new Spool(10, folder);
    const [first, second] = [spool.append(Buffer.from('first')), spool.append(Buffer.from('2nd'))];
    expect(spool.held).toBe(8);
    spool.release(first);
    expect(spool.held).toBe(3);
    expect(() => spool.read(first, 5)).toThrow(/released/);
    // Room for what comes, without a file.
    const third = spool.append(Buffer.from('third'));
    expect(spool.spilled).toBe(false);
    const last = spool.append(Buffer.from('and the rest'));
    expect([spool.spilled, spool.held]).toEqual([true, 0]);
    expect([spool.read(second, 3), spool.read(third, 5), spool.read(last, 12)].map(String)).toEqual([
      '2nd',
      'third',
      'and the rest',
    ]);
    // What is in the file stays there.
    spool.release(second);
    expect(spool.read(second, 3).toString()).toBe('2nd');
    spool.close();
  });

  test('says where it could not write and what to do', () => {
    const missing = join(folder, 'missing');
    const spool = new Spool(1, missing);
    expect(() => spool.append(Buffer.from('ab'))).toThrow(InputError);
    expect(() => new Spool(1, missing).append(Buffer.from('ab'))).toThrow(/could not be written to .*missing: ENOENT.*TMPDIR/);
  });
});

function compareFile(a: Match, b: Match): number {
  if (a.event.file !== b.event.file) return a.event.file < b.event.file ? -1 : 1;
  return a.event.index - b.event.index || a.rule - b.rule;
}
