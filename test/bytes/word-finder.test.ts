/** A word is found in bytes as a regular expression finds it. */
import { expect, it } from 'vitest';
import { WordFinder } from '../../src/bytes/word-finder.ts';
import { randomOf, tries } from '../support/random.ts';

it('a word stands in bytes where a regular expression finds it', () => {
  const random = randomOf(7);
  const pick = (letters: string, length: number) =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]!).join('');
  let found = 0;
  for (let i = 0; i < tries(4000); i++) {
    const word = pick('abB1', 3 + Math.floor(random() * 3));
    const bytes = Buffer.from(pick('abAB1\0\0\0', 40), i % 2 === 0 ? 'latin1' : 'utf16le');
    const start = Math.floor(random() * 5);
    const end = bytes.length - Math.floor(random() * 5);
    const finder = new WordFinder(word);
    const text = bytes.toString('latin1', start, end);
    const wide = new RegExp([...word].join('\\x00'), 'i').test(text);
    const narrow = new RegExp(word, 'i').test(text);
    expect([text, finder.standsIn(bytes, start, end, true)]).toEqual([text, wide]);
    expect([text, finder.standsIn(bytes, start, end, false)]).toEqual([text, wide || narrow]);
    if (wide || narrow) found++;
  }
  expect(found).toBeGreaterThan(100);
});
