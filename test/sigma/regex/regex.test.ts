import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { foldCase } from '../../../src/model/values/case.ts';
import { RegexLimitError } from '../../../src/sigma/regex/lazy-dfa.ts';
import { compileRegex, moveInlineFlags, regexFault, requiredLiterals } from '../../../src/sigma/regex/regex.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { tries } from '../../support/random.ts';

/** [pattern, flags, texts that match, texts that do not]. */
const cases: [string, string, string[], string[]][] = [
  ['0x[a-fA-F0-9]{8}', '', ['ping 0xDEADBEEF'], ['ping 0xDEADBEE']],
  ['foo', 'i', ['FOO', 'xFoOx'], ['fo']],
  ['^b', '', ['b'], ['a\nb']],
  ['^b', 'm', ['a\nb'], ['ab', 'a\rb']],
  ['a$', '', ['a', 'ba\n'], ['a\n\n', 'a\nb']],
  ['a$', 'm', ['a\nb', 'a'], ['a\rb']],
  ['a\\Z', 'm', ['a', 'a\n'], ['a\nb']],
  ['a\\z', '', ['a'], ['a\n']],
  ['a$\\n', '', ['a\n'], ['a', 'a\nb']],
  ['a.b', '', ['a\rb', 'a\u2028b', 'a😀b'], ['a\nb', 'ab']],
  ['a.b', 's', ['a\nb'], ['ab']],
  ['^..$', '', ['ab', '😀b'], ['😀', 'abc']],
  ['a*b', '', ['aaab', 'b'], ['aaa']],
  ['x\\" y', '', ['x" y'], ['x\\ y']],
  ['clipboard]::', '', ['[clipboard]::x'], []],
  ['[-/–]e', '', ['x –e', '-e'], ['e']],
  ['\\bfoo\\b', '', ['a foo b', 'foo', '-foo-'], ['afoo', 'foo_']],
  ['\\Bfoo', '', ['afoo'], [' foo', 'foo']],
  ['[]a]+x', '', [']x', 'ax'], ['bx']],
  ['[^]a]x', '', ['bx'], [']x', 'ax']],
  ['[a\\-z]x', '', ['-x', 'ax'], ['bx']],
  ['[\\d-x]y', '', ['-y', '5y', 'xy'], ['ay']],
  ['[[:alpha:]_]1', '', ['b1', '_1'], ['11']],
  ['\\p{Lu}x', '', ['Äx'], ['äx']],
  ['\\P{L}x', '', ['1x'], ['ax']],
  ['\\x41\\u0042\\x{43}\\t', '', ['ABC\t'], ['ABC']],
  ['a{2,3}b', '', ['aab', 'aaab'], ['ab']],
  ['a{,2}b', '', ['b', 'aab'], ['aa']],
  ['a{x}', '', ['a{x}'], ['ax']],
  ['(?:a|b(?i:c))d', '', ['bCd', 'ad'], ['BCd', 'bCD']],
  ['a(?i)b|c', '', ['aB', 'C'], ['AB']],
  ['(?-i)A', 'i', ['A'], ['a']],
  ['(?P<name>a)(?<other>b)', '', ['ab'], ['ba']],
  ['', '', ['', 'x'], []],
  ['(|a)b', '', ['b', 'ab'], ['a']],
  ['ς', 'i', ['ς', 'σ', 'Σ'], ['s']],
  ['[à-ö]', 'i', ['Ä'], ['a']],
  ['k', 'i', ['K'], ['\u212a']],
  ['a(?=b)', '', ['ab'], ['ac']],
  ['(?<!x)a', '', ['a', 'ya'], ['xa']],
  ['(a|b)\\1', '', ['aa', 'xbb'], ['ab']],
];

const ab = (length: number, seed: number): string => {
  let text = '';
  for (let state = seed; text.length < length; ) {
    state = (state * 1_103_515 + 12_345) % 0x80000000;
    text += (state & 0x10000) === 0 ? 'a' : 'b';
  }
  return text;
};

describe('a regular expression that needs more rows than are kept', () => {
  it('tells matching from other texts all the same', () => {
    const regex = compileRegex('(?:a|b)*a(?:a|b){12}(?:\\bc|\\n$)', '');
    for (let seed = 1; seed <= 20; seed++) {
      const text = ab(9_000, seed);
      const ends = [
        `${'a'.repeat(12)}c`,
        `a${'b'.repeat(12)} c`,
        `a${'b'.repeat(12)}\n`,
        `a${'b'.repeat(12)}\n.`,
        `ca${'b'.repeat(12)}`,
      ];
      for (const end of ends) expect(regex.test(text + end)).toBe(/a[ab]{12}(?:\bc|\n$)/.test(text + end));
      expect(regex.test(`${text}a${'b'.repeat(12)}\n`)).toBe(true);
    }
  });

  it('is not decided for a text that takes too much, whatever came before', () => {
    const source = 'a(?:a|b){999}c';
    const long = ab(90_000, 7);
    const others = [ab(900, 1), ab(3_000, 2), `${'a'.repeat(1000)}c`, 'b'];
    const regex = compileRegex(source, '');
    const before = others.map((text) => regex.test(text));
    expect(() => regex.test(long)).toThrow(RegexLimitError);
    expect(others.map((text) => regex.test(text))).toEqual(before);
    expect(() => regex.test(long)).toThrow(RegexLimitError);
    expect(before).toEqual([false, false, true, false]);
  }, 60_000);

  it('is decided for the longest value of an EVTX log, also at the bound of counts', () => {
    expect(compileRegex('(?:a|b)*a(?:a|b){999}c', '').test(ab(32_766, 3))).toBe(false);
  }, 60_000);

  it('is refused or accepted soon, however many large classes it has', () => {
    const ms = cpuMs(() => expect(regexFault('[\\p{L}a]'.repeat(2_000), 'i')).toBe(null));
    expect(ms).toBeLessThan(4_000);
  });
});

describe('regular expressions', () => {
  for (const [source, flags, matching, failing] of cases) {
    it(`/${source}/${flags} tells matching from other texts`, () => {
      const regex = compileRegex(source, flags);
      expect(matching.filter((text) => !regex.test(text))).toEqual([]);
      expect(failing.filter((text) => regex.test(text))).toEqual([]);
    });
  }

  it('refuses what is broken or cannot be run in linear time, and says where', () => {
    const fault = (source: string): string | undefined => regexFault(source, '')?.fault.replace(/^.*used: /, '');
    expect(fault('a(')).toBe('a "(" that is never closed (character 2 of "a(").');
    expect(fault('a)')).toBe('a ")" without "(" (character 2 of "a)").');
    expect(fault('[a')).toBe('a "[" that is never closed (character 1 of "[a").');
    expect(fault('*a')).toBe('nothing to repeat before "*" (character 1 of "*a").');
    expect(fault('a**')).toBe('two quantifiers in a row (character 3 of "a**").');
    expect(fault('a++')).toBe('possessive quantifiers are not supported (character 3 of "a++").');
    expect(fault('(?>a)')).toBe('this kind of group is not supported (character 1 of "(?>a)").');
    expect(fault('a{1001}')).toBe('a count above 1000 (character 1 of "a{1001}").');
    expect(fault('\\y')).toBe('the escape "\\y" is not supported; a backslash is "\\\\" (character 1 of "\\y").');
    // PCRE and Python disagree about these, and a path means none of them.
    for (const path of ['\\explorer', '\\vm', '\\hidden']) expect(fault(path)).toContain('is not supported');
    expect(fault('\\PSHost')).toBe('"\\P" without a property in braces (character 1 of "\\PSHost").');
    expect(fault('(?x)a')).toBe('the flag "x" is not supported (character 1 of "(?x)a").');
    expect(fault('\\p{Nonsense}')).toBe('"Nonsense" is not a Unicode property (character 1 of "\\p{Nonsense}").');
    expect(fault('\\1')).toBe('the back-reference \\1 has no group (character 1 of "\\1").');
    expect(fault('(?!.*x)y')).toMatch(/^look-around and back-references are only supported/);
    expect(fault('((a{1000}){1000}){1000}')).toMatch(/^its counts multiply/);
    expect(fault('((((a{0}){1000}){1000}){1000}){1000}')).toMatch(/^its counts multiply/);
    expect(fault('('.repeat(200))).toMatch(/^more than 100 groups/);
  });

  it('moves leading flag groups out of the source', () => {
    expect(moveInlineFlags('(?i)(?s)a(?i)b')).toEqual({ source: 'a(?i)b', flags: 'is' });
    expect(moveInlineFlags('(?x)a')).toEqual({ source: '(?x)a', flags: '' });
  });

  it('takes linear time where backtracking would not end', () => {
    const text = 'a'.repeat(20_000);
    expect(compileRegex('(a+)+$b', '').test(text)).toBe(false);
    expect(compileRegex('(a|aa)*c', '').test(text)).toBe(false);
    expect(compileRegex('(.*a){20}c', '').test(text)).toBe(false);
  });

  it('stays right when it has more rows than it keeps', () => {
    const regex = compileRegex('(a|b)*a(a|b){12}c', '');
    const bits = Array.from({ length: 40_000 }, (_, i) => ((i * i * 7 + (i >> 3)) % 5 < 2 ? 'a' : 'b')).join('');
    expect(regex.test(bits)).toBe(false);
    expect(regex.test(`${bits}abbbbbbbbbbbbc`)).toBe(true);
  });
});

const atom = fc.constantFrom(
  'a',
  'b',
  'B',
  'é',
  'É',
  '.',
  '[ab]',
  '[^a]',
  '\\w',
  '\\d',
  '\\s',
  '\\W',
  '1',
  ' ',
  '\\n',
  '😀',
  '[^b-é]',
);
const anchors = fc.constantFrom('^', '\\b', '\\B', '\\A', '\\z');
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?', '{2,}')).map(([a, q]) => `(?:${a})${q}`),
    fc.tuple(anchors, tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), anchors).map(([a, b]) => a + b),
  ),
})).node;
const text = fc
  .array(fc.constantFrom('a', 'b', 'A', 'B', 'é', 'É', '1', ' ', '\n', '_', '😀', '\r'), { maxLength: 8 })
  .map((chars) => chars.join(''));

describe('the lazy automaton', () => {
  const flags = fc.constantFrom('', 's', 'm', 'ms');

  it('agrees with RE2 on patterns whose meaning they share', () => {
    fc.assert(
      fc.property(pattern, text, flags, (source, input, flag) => {
        let bits = 0;
        if (flag.includes('s')) bits |= RE2JS.DOTALL;
        if (flag.includes('m')) bits |= RE2JS.MULTILINE;
        expect(compileRegex(source, flag).test(input)).toBe(RE2JS.compile(source, bits).matcher(input).find());
      }),
      { numRuns: tries(1000) },
    );
  });

  it('agrees with RegExp on case and code points', () => {
    fc.assert(
      fc.property(pattern, text, (source, input) => {
        // RegExp has no \A and \z, and finds \B between the halves of a surrogate pair.
        fc.pre(!/\\[ABz]/.test(source));
        // RegExp has more line breaks.
        expect(compileRegex(source, 'is').test(input)).toBe(new RegExp(source, 'isu').test(input));
      }),
      { numRuns: tries(1000) },
    );
  });

  it('requires only literals that every match contains', () => {
    fc.assert(
      fc.property(pattern, text, fc.constantFrom('', 'i', 's', 'is'), (source, input, flag) => {
        fc.pre(compileRegex(source, flag).test(input));
        const folded = foldCase(input);
        expect(requiredLiterals(source, flag).filter((literal) => !folded.includes(literal))).toEqual([]);
      }),
      { numRuns: tries(1000) },
    );
  });

  it('finds the literals of real patterns', () => {
    expect(requiredLiterals('cmd.{0,5}(?:/c|/r).+clip', 'i')).toEqual(['cmd', 'clip']);
    expect(requiredLiterals('\\\\Temp\\\\[a-z]+\\.exe$', '')).toEqual(['\\temp\\', '.exe']);
    expect(requiredLiterals('a+b', '')).toEqual(['a', 'b']);
    expect(requiredLiterals('a|b', '')).toEqual([]);
  });
});
