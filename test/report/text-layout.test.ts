import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  elide,
  elideMiddle,
  loadTextWidths,
  padEnd,
  padStart,
  textWidth,
  wrapSpans,
  wrapText,
} from '../../src/report/text-layout.ts';
import { tries } from '../support/random.ts';

await loadTextWidths();

describe('textWidth', () => {
  it('counts wide characters as two columns and combining ones as none', () => {
    expect(['abc', '\u4e2d\u6587', 'e\u0301', '\u{1f600}', ''].map(textWidth)).toEqual([3, 4, 1, 2, 0]);
  });
  it('counts every character as the Unicode tables do, alone and between others', () => {
    const wrong: string[] = [];
    for (let code = 0x20; code < 0x2c00; code++) {
      const char = String.fromCharCode(code);
      for (const text of [char, `a${char}b`, `${char}${char}`, `\u2192${char}\u00e9`]) {
        if (textWidth(text) !== stringWidth(text, { countAnsiEscapeCodes: true })) wrong.push(code.toString(16));
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('padding', () => {
  it('fills to columns, not to characters', () => {
    expect([padEnd('\u4e2d', 4), padStart('\u4e2d', 4), padEnd('abcdef', 3)]).toEqual(['\u4e2d  ', '  \u4e2d', 'abcdef']);
  });
});

describe('elide', () => {
  it('leaves what fits', () => {
    expect(elide('abcdef', 6)).toBe('abcdef');
  });
  it('replaces the end by an ellipsis', () => {
    expect(elide('abcdefg', 6)).toBe('abcde\u2026');
  });
  it('does not cut a wide character in half', () => {
    expect(elide('\u4e2d\u6587\u5b57', 4)).toBe('\u4e2d\u2026');
  });
  it('never takes more than its columns', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 8, max: 30 }),
        (text, width) => textWidth(elide(text, width)) <= width,
      ),
    );
  });
  it('cuts ASCII where it cuts the same text with something else behind', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 31, maxLength: 60 }),
        fc.integer({ min: 8, max: 30 }),
        (text, width) => {
          expect(elide(text, width)).toBe(elide(`${text}\u4e2d`, width));
        },
      ),
    );
  });
  it('takes no time for a value of megabytes', () => {
    expect(elide('x'.repeat(5_000_000), 10)).toBe('xxxxxxxxx\u2026');
  });

  it('gives what measuring all of the text gives', () => {
    const plainly = (text: string, width: number): string => {
      const head = text.slice(0, width * 8);
      if (head === text && textWidth(text) <= width) return text;
      let out = '';
      for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(head)) {
        if (textWidth(out) + textWidth(segment) > width - 1) break;
        out += segment;
      }
      return `${out}\u2026`;
    };
    const piece = fc.constantFrom(
      'a',
      'b c',
      '\u4e2d',
      'e\u0301',
      '\u0301',
      '\n',
      '\r\n',
      '\t',
      '\u200d',
      '\u{1f469}\u200d\u{1f4bb}',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (pieces, width) => {
        const text = pieces.join('');
        expect(elide(text, width)).toBe(plainly(text, width));
      }),
      { numRuns: tries(650) },
    );
  });
});

describe('elideMiddle', () => {
  it('keeps both ends of a path', () => {
    expect(elideMiddle('rules/windows/process_creation/proc_creation_win_wmic.yml', 30)).toBe(
      'rules/windo\u2026ation_win_wmic.yml',
    );
  });
});

describe('wrapText', () => {
  it('breaks at blanks', () => {
    expect(wrapText('the quick brown fox jumps', 10)).toEqual(['the quick', 'brown fox', 'jumps']);
  });
  it('breaks a long word where the line ends', () => {
    expect(wrapText('abcdefghijkl', 5)).toEqual(['abcde', 'fghij', 'kl']);
  });
  it('breaks a path after a separator', () => {
    expect(wrapText('in C:\\Windows\\System32\\drivers\\etc', 20)).toEqual(['in C:\\Windows\\', 'System32\\drivers\\etc']);
    expect(wrapText('/corpus/evtx-attack-samples/x.evtx', 18)).toEqual(['/corpus/evtx-attac', 'k-samples/x.evtx']);
  });
  it('says that there is more', () => {
    expect(wrapText('aaaa bbbb cccc dddd eeee', 9, 2)).toEqual(['aaaa bbbb', 'cccc ddd\u2026']);
  });
  it('gives one empty line for empty text', () => {
    expect(wrapText('', 10)).toEqual(['']);
  });
  it('never makes a line wider than its columns, and loses no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 8, max: 30 }), (text, width) => {
        const lines = wrapText(text, width);
        const unwrapped = lines.join('').replace(/ /g, '');
        return lines.every((line) => textWidth(line) <= width) && unwrapped === text.replace(/ /g, '');
      }),
    );
  });
});

describe('wrapSpans', () => {
  it('carries emphasis over a line break', () => {
    const spans = [
      { text: 'ab', strong: false },
      { text: 'cdef', strong: true },
      { text: 'g', strong: false },
    ];
    expect(wrapSpans(spans, 4, 9)).toEqual([
      [
        { text: 'ab', strong: false },
        { text: 'cd', strong: true },
      ],
      [
        { text: 'ef', strong: true },
        { text: 'g', strong: false },
      ],
    ]);
  });
});
