import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AtomPlace, AtomTable } from '../../src/logs/atom-table.ts';
import type { Atom } from '../../src/model/values/atom.ts';

const decode = (buffer: Buffer, start: number, length: number, kind: number): string =>
  `${kind}:${buffer.toString('hex', start, start + length)}`;

/** Few distinct bytes, so that values repeat; those of which the zeros, infinities and NaNs of a double are made among them. */
const bytes = fc.array(fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xf0, 0xf8, 0xff), { maxLength: 24 });
const doubles = fc.constantFrom(
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0x80],
  [1, 0, 0, 0, 0, 0, 0xf8, 0x7f],
  [2, 0, 0, 0, 0, 0, 0xf8, 0x7f],
  [0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
);
const value = fc.oneof(
  bytes,
  fc.array(doubles, { maxLength: 3 }).map((parts) => parts.flat()),
);

describe('the table of atoms', () => {
  test('gives the value of the bytes asked for, and one atom for the same bytes, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.nat(3), fc.nat(1), fc.boolean()), { maxLength: 60 }), (values) => {
        const table = new AtomTable();
        const place = new AtomPlace();
        const atoms = new Map<string, unknown>();
        for (const [content, before, kind, atPlace] of values) {
          const buffer = Buffer.from([...Array<number>(before).fill(0x55), ...content, 0xaa]);
          const atom = atPlace
            ? table.bytesAt(place, buffer, before, content.length, kind, decode)
            : table.bytes(buffer, before, content.length, kind, decode);
          const text = `${kind}:${Buffer.from(content).toString('hex')}`;
          expect(atom.text).toBe(text);
          expect(atom).toBe(atoms.get(text) ?? atom);
          atoms.set(text, atom);
        }
      }),
    );
  });

  test('forgets when it is full, and a place does not hold on to what was forgotten', () => {
    const table = new AtomTable();
    const place = new AtomPlace();
    const buffer = Buffer.alloc(4);
    const first = table.bytesAt(place, Buffer.from('first'), 0, 5, 1, decode);
    for (let i = 0; i < 45_000; i++) {
      buffer.writeUInt32LE(i, 0);
      table.bytes(buffer, 0, 4, 1, decode);
    }
    const again = table.bytesAt(place, Buffer.from('first'), 0, 5, 1, decode);
    expect(again.text).toBe(first.text);
    expect(again).not.toBe(first);
    expect(table.bytes(Buffer.from('first'), 0, 5, 1, decode)).toBe(again);
  });

  test('keeps a long value when it comes again, also when much else has been forgotten in between', () => {
    const table = new AtomTable();
    const place = new AtomPlace();
    const long = Buffer.alloc(2048, 'long ');
    const atLong = (): Atom => table.bytesAt(place, long, 0, long.length, 1, decode);
    const first = atLong();
    const other = Buffer.alloc(4);
    for (let i = 0; i < 45_000; i++) {
      other.writeUInt32LE(i, 0);
      table.bytes(other, 0, 4, 1, decode);
    }
    const second = atLong();
    expect(second.text).toBe(first.text);
    expect(second).not.toBe(first);
    expect(atLong()).toBe(second);
    expect(table.bytes(long, 0, long.length, 1, decode)).toBe(second);
  });

  test('does not fill with long values that come once', () => {
    const table = new AtomTable();
    const kept = table.bytes(Buffer.from('kept'), 0, 4, 1, decode);
    const long = Buffer.alloc(8000);
    // Five times what there is room for.
    for (let i = 0; i < 15_000; i++) {
      long.writeUInt32LE(i, 0);
      table.bytes(long, 0, long.length, 1, () => '');
    }
    expect(table.bytes(Buffer.from('kept'), 0, 4, 1, decode)).toBe(kept);
  });
});
