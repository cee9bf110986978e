/** A word is found in a block by compiled code where the plain search finds it. */
import { expect, it } from 'vitest';
import { CompiledAccelerator } from '../../src/accel/accelerator.ts';
import { WordFinder } from '../../src/bytes/word-finder.ts';
import { randomOf, tries } from '../support/random.ts';

const BYTES = 96;

it('a word is found wherever it begins and ends in the part that is looked at, and nowhere else', () => {
  const random = randomOf(11);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (letters: string, length: number) => Array.from({ length }, () => letters[below(letters.length)]!).join('');
  let found = 0;
  // Each block takes memory for good.
  for (let words = 0; words < 60; words++) {
    const word = pick('abB1', 3 + below(4));
    const { block, standsIn } = new CompiledAccelerator().wordBlock(word, BYTES)!;
    const finder = new WordFinder(word);
    for (let i = 0; i < tries(200); i++) {
      // Letters, what only differs from them in the bit of small letters, and zero bytes.
      block.write(pick('abAB1\0\0\0!"\x11', BYTES), 'latin1');
      if (i % 3 > 0) block.write(word.toUpperCase(), below(BYTES - 2 * word.length), i % 3 === 1 ? 'latin1' : 'utf16le');
      const start = below(40);
      const end = start + below(BYTES - start + 1);
      const wanted = finder.standsIn(block, start, end, false);
      expect([word, block.toString('latin1', start, end), standsIn(start, end)]).toEqual([
        word,
        block.toString('latin1', start, end),
        wanted,
      ]);
      if (wanted) found++;
    }
  }
  expect(found).toBeGreaterThan(1000);
});
