import { expect, test } from 'vitest';
import { ZeroWatch } from '../../src/logs/text/zero-bytes.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';

/** Where zeros are reported in a text that comes in blocks: its parts are letters (`x`) and zeros (`0`), so many of each. */
function reported(blocks: readonly (readonly ['x' | '0', number])[][]): readonly (number | undefined)[] {
  const said: Diagnostic[] = [];
  const watch = new ZeroWatch('a.xml', { diagnostic: (diagnostic) => void said.push(diagnostic) });
  let offset = 0;
  for (const parts of blocks) {
    const block = Buffer.concat(parts.map(([what, count]) => Buffer.alloc(count, what === 'x' ? 'x' : 0)));
    watch.look(block, offset);
    offset += block.length;
  }
  return said.map(({ place }) => place.offset);
}

test('a sector of zeros is reported where it begins, once', () => {
  expect(
    reported([
      [
        ['x', 10],
        ['0', 512],
        ['x', 5],
        ['0', 600],
      ],
    ]),
  ).toEqual([10]);
  expect(
    reported([
      [
        ['x', 10],
        ['0', 511],
        ['x', 5],
        ['0', 511],
      ],
    ]),
  ).toEqual([]);
});

test('so is one that is cut by the end of a block, or of several', () => {
  expect(
    reported([
      [
        ['x', 10],
        ['0', 300],
      ],
      [
        ['0', 212],
        ['x', 5],
      ],
    ]),
  ).toEqual([10]);
  expect(
    reported([
      [
        ['x', 10],
        ['0', 200],
      ],
      [['0', 200]],
      [
        ['0', 112],
        ['x', 1],
      ],
    ]),
  ).toEqual([10]);
  expect(
    reported([
      [
        ['x', 10],
        ['0', 300],
      ],
      [
        ['x', 1],
        ['0', 300],
      ],
      [
        ['0', 200],
        ['x', 1],
      ],
    ]),
  ).toEqual([]);
});
