import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmlessJson } from '../../src/bytes/json-text.ts';
import {
  csvField,
  githubData,
  githubProperty,
  htmlText,
  markdownCode,
  markdownText,
  printedJson,
  printedJsonBytes,
  printedLines,
  visibleLines,
  visibleText,
} from '../../src/report/sanitize.ts';
import { tries } from '../support/random.ts';

const ESCAPE = '\u001b';
const OVERRIDE = '\u202e';
/** Control, bidirectional and invisible characters and markup, between ordinary text. */
const hostileText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u001b', '\u0007', '\n', '\r', '\t', '\u009b', '\u202e', '\u2066', '\u200b', '\ufeff', '\ud800', '\u2028'),
    fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      '`',
      '|',
      '\\',
      '*',
      '_',
      '[',
      ']',
      '(',
      ')',
      '!',
      '#',
      '@',
      '=',
      '+',
      '-',
      ':',
      '/',
      ' ',
    ),
    fc.constantFrom('a', 'www.', 'http://', '\u4e2d', '\u{1f600}', 'script', '1.'),
  ),
  maxLength: 30,
});
const ACTS_ON_TERMINALS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

describe('visibleText', () => {
  it('shows control characters as pictures and keeps the text around them', () => {
    expect(visibleText(`a${ESCAPE}[31mb\r\n\tc\u007f`)).toBe('a\u241b[31mb\u240d\u240a\u2409c\u2421');
  });
  it('shows C1 controls, bidirectional and invisible characters by their code point', () => {
    expect(visibleText(`x${OVERRIDE}y\u009bz\u200b\ufeff`)).toBe(
      'x\u27e8U+202E\u27e9y\u27e8U+009B\u27e9z\u27e8U+200B\u27e9\u27e8U+FEFF\u27e9',
    );
  });
  it('shows a surrogate without its other half', () => {
    expect(visibleText('a\ud83db\u{1f600}')).toBe('a\u27e8U+D83D\u27e9b\u{1f600}');
  });
  it('leaves text of any script as it is', () => {
    const text = 'C:\\\u00dcbung\\\u4e2d\u6587\\\u0441\u043b\u043e\u0432\u043e\\\u05e9\u05dc\u05d5\u05dd\\e\u0301.exe';
    expect(visibleText(text)).toBe(text);
  });
  it('lets nothing through that a terminal acts on', () => {
    fc.assert(fc.property(hostileText, (text) => !ACTS_ON_TERMINALS.test(visibleText(text))));
  });
});

describe('visibleLines', () => {
  it('keeps line breaks and tabs and nothing else of the controls', () => {
    expect(visibleLines(`a\r\nb\tc\rd${ESCAPE}`)).toBe('a\nb\tc\u240dd\u241b');
  });
});

describe('htmlText', () => {
  it('escapes what could leave an element or an attribute', () => {
    expect(htmlText(`<img src=x onerror="a('b')">&amp;`)).toBe('&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;');
  });
  it('never holds a bare markup character', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = htmlText(text);
        return !/[<>"']/.test(html) && html.replace(/&(?:amp|lt|gt|quot|#39);/g, '').indexOf('&') < 0;
      }),
    );
  });
});

describe('markdownText', () => {
  it('escapes emphasis, code, links, images, headings and strikes', () => {
    expect(markdownText('*a* _b_ `c` [d](e) ![f](g) # h ~~i~~')).toBe(
      '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\!\\[f\\](g) \\# h \\~\\~i\\~\\~',
    );
  });
  it('makes no HTML, table cell or mention', () => {
    expect(markdownText('<b>|@user & co')).toBe('&#60;b&#62;&#124;@&#8203;user &#38; co');
  });
  it('makes no link of an address', () => {
    expect(markdownText('http://a.example www.b.example mailto:c')).toBe(
      'http:&#8203;//a.example www&#8203;.b.example mailto&#8203;:c',
    );
  });
  it('makes no list, quote or heading at the start', () => {
    expect(['- a', '+ b', '1. c', '2) d', '=== e', '> f'].map(markdownText)).toEqual([
      '\\- a',
      '\\+ b',
      '1\\. c',
      '2\\) d',
      '\\=== e',
      '&#62; f',
    ]);
  });
  it('stays on one line', () => {
    fc.assert(fc.property(hostileText, (text) => !/[\r\n<>|]/.test(markdownText(text))));
  });
});

describe('markdownCode', () => {
  it('uses a longer fence than the text holds', () => {
    expect(markdownCode('a `b` ``c``')).toBe('``` a `b` ``c`` ```');
  });
  it('keeps a blank at the edge', () => {
    expect(markdownCode(' x')).toBe('`  x `');
  });
  it('has words for nothing and for blanks', () => {
    expect([markdownCode(''), markdownCode('  ')]).toEqual(['*(empty)*', '*(blank)*']);
  });
});

describe('csvField', () => {
  it('puts an apostrophe before what a spreadsheet would run', () => {
    expect(['=1+1', '+1+1', '-1+1', '@SUM(A1)', ' =1', '\t=1', '\uff1d1', '\r=1'].map(csvField)).toEqual([
      "'=1+1",
      "'+1+1",
      "'-1+1",
      "'@SUM(A1)",
      "' =1",
      "'\u2409=1",
      "'\uff1d1",
      "'\u240d=1",
    ]);
  });
  it('leaves numbers, paths and times alone', () => {
    const plain = ['5', '3.25', '4624', 'C:\\a.exe', '2019-05-11T17:58:23.4185632Z', ''];
    expect(plain.map(csvField)).toEqual(plain);
  });
  it('quotes separators and quotes, and keeps one row on one line', () => {
    expect([csvField('a,b'), csvField('say "x"'), csvField('a;b'), csvField('a\r\nb')]).toEqual([
      '"a,b"',
      '"say ""x"""',
      '"a;b"',
      'a\u240d\u240ab',
    ]);
  });
  it('never starts a formula, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const cell = csvField(text).replace(/^"/, '');
        return !/^[\s]*[=+\-@|%]/.test(cell);
      }),
    );
  });
});

describe('harmlessJson', () => {
  it('escapes what terminals act on, and means the same', () => {
    const value = { a: `x\u009b${OVERRIDE}\u2028\ufeff\u{e0041}`, b: `${ESCAPE}[2J` };
    const json = harmlessJson(JSON.stringify(value));
    expect(json).toBe('{"a":"x\\u009b\\u202e\\u2028\\ufeff\\udb40\\udc41","b":"\\u001b[2J"}');
    expect(JSON.parse(json)).toEqual(value);
  });
  it('leaves no lone surrogate, for which strict parsers refuse the whole document', () => {
    const value = { 'k\ud800': '\ud83d\ude00 \udc00\ud83d, \\ud800 and \\\ud801' };
    const json = harmlessJson(JSON.stringify(value));
    expect(json).toBe('{"k\\ufffd":"\ud83d\ude00 \\ufffd\\ufffd, \\\\ud800 and \\\\\\ufffd"}');
    expect(harmlessJson(json)).toBe(json);
  });
  it('means the same for any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = harmlessJson(JSON.stringify(text));
        return JSON.parse(json) === text.replace(/\p{Surrogate}/gu, '\ufffd') && !ACTS_ON_TERMINALS.test(json);
      }),
    );
  });
});

describe('commands to CI servers', () => {
  const starts = ['##vso[task.setvariable]x', 'a ##[error]b', '####[x', '##teamcity[m]', '##[add-path]'];
  it('are shown, and are none any more, wherever they stand in a line', () => {
    expect([visibleText('##vso[a]'), visibleLines('x\n###[b]'), htmlText('##[c]')]).toEqual([
      '#\u27e8U+0023\u27e9vso[a]',
      'x\n##\u27e8U+0023\u27e9[b]',
      '#&#35;[c]',
    ]);
    for (const text of starts) {
      for (const made of [visibleText, visibleLines, htmlText, markdownText, markdownCode, csvField, printedLines, githubData])
        expect([text, /##\w*\[/.test(made(text))]).toEqual([text, false]);
      expect(/##\w*\[/.test(printedJson(text))).toBe(false);
      expect(JSON.parse(printedJson(text))).toBe(text);
      expect(Buffer.from(printedJsonBytes(Buffer.from(JSON.stringify(`\u00e9${text}`)))).toString()).toBe(
        printedJson(`\u00e9${text}`),
      );
    }
  });
  it('do not begin a line, behind blanks and colours neither', () => {
    const colon = '\u27e8U+003A\u27e9';
    expect(printedLines('::error::a\n  ::b::c\nd ::e::\n\u001b[31m::f::g\n::1\n')).toBe(
      `${colon}:error::a\n  ${colon}:b::c\nd ::e::\n\u001b[31m${colon}:f::g\n::1\n`,
    );
    expect(htmlText('a\n ::b::c')).toBe('a\n &#58;:b::c');
    expect(markdownText(' ::b::c')).toBe(' &#58;:b::c');
  });
  it('of GitHub hold no control character, and one line', () => {
    expect(githubData('a%\r\nb\rc\u001b\u202e')).toBe('a%25%0Ab\u240dc\u241b\u27e8U+202E\u27e9');
    expect(githubProperty('a:b,c\nd')).toBe('a%3Ab%2Cc%0Ad');
  });
});

/** What a reader of CSV makes of a line, as Python's does: quotes count at the start of a cell only. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  for (const character of line) {
    if (state === 'quoted') {
      if (character === '"') state = 'closed';
      else cell += character;
    } else if (state === 'closed' && character === '"') {
      cell += '"';
      state = 'quoted';
    } else if (character === separator) {
      cells.push(cell);
      cell = '';
      state = 'start';
    } else if (state === 'start' && character === '"') state = 'quoted';
    else {
      cell += character;
      state = 'plain';
    }
  }
  return [...cells, cell];
}

describe('a row of CSV', () => {
  const cell = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ';', ',', '"', "'", ' ', 'a', '|', '%', '\u00a0', '\uff1d'),
    maxLength: 12,
  });
  it.each([',', ';', '\t'])('has no cell that begins a formula where %j separates cells', (separator) => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (values) => {
        const line = ['2024-01-01', ...values].map(csvField).join(',');
        return !/[\r\n]/.test(line) && cellsOf(line, separator).every((one) => !/^[\s\u00a0]*[=+\-@\uff1d|%]|^[\t\r]/.test(one));
      }),
      { numRuns: tries(6500) },
    );
  });
  it('keeps every value where commas separate cells', () => {
    const values = ['a;b', 'say "x", twice', 'C:\\a;-b', ''];
    expect(cellsOf(values.map(csvField).join(','), ',')).toEqual(['a;b', 'say "x", twice', "C:\\a;'-b", '']);
  });
});

describe('a reference in Markdown', () => {
  it('mentions nobody and refers to nothing: a space of no width keeps its sign apart', () => {
    expect(['@octocat', 'org/repo#1', 'GH-12', 'a@b.example', '@org/team', 'mailto:a@b.example'].map(markdownText)).toEqual([
      '@&#8203;octocat',
      'org/repo\\#&#8203;1',
      'GH-&#8203;12',
      'a@&#8203;b.example',
      '@&#8203;org/team',
      'mailto&#8203;:a@&#8203;b.example',
    ]);
  });
  it('is none in the text that is left when entities and escapes have been read', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const read = markdownText(text).replace(/&#(\d+);|\\(.)/g, (_, code, sign) => sign ?? String.fromCodePoint(Number(code)));
        return !/@\w|#\w|www\.|:\/\//.test(read.replace(/[^\x20-\x7e]/g, '\u200b'));
      }),
    );
  });
});
