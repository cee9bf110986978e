import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretRule } from '../../../src/engine/match/interpret.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { readIsoTime } from '../../../src/model/values/time.ts';
import { base64Fragments } from '../../../src/sigma/modifiers/base64offset.ts';
import { modifierNames } from '../../../src/sigma/modifiers/modifiers.ts';
import { parseAddress, parseNetwork } from '../../../src/sigma/modifiers/support/ip-address.ts';
import { parseText, partsMatch } from '../../../src/sigma/modifiers/support/text-parts.ts';
import { isoWeek } from '../../../src/sigma/modifiers/support/time-part.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { tries } from '../../support/random.ts';

/** Whether a selection `{KEY: VALUE}` holds for an event. */
function holds(key: string, value: unknown, event: Record<string, unknown>): boolean {
  const detection = JSON.stringify({ sel: { [key]: value }, condition: 'sel' });
  const loaded = parseRules(`{title: t, logsource: {category: test}, detection: ${detection}}`);
  const [rule] = loaded.rules;
  if (rule?.kind !== 'detection') throw new Error(JSON.stringify(loaded.diagnostics));
  return interpretRule(rule, plainEvent(event), null);
}

/** Beside the vectors of test/conformance: [key, value, field values that match, field values that do not]. The field is F. */
const cases: [string, unknown, unknown[], unknown[]][] = [
  ['F|contains|cased', 'É', ['xÉ'], ['xé']],
  ['F|re|multiline|dotall|ignorecase', '^a.c$', ['x\nA\nC'], ['xac']],
  ['F|re|contains', '^a', ['ab'], ['ba']],
  ['F|cidr', '10.0.0.0/8', ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.1', '10.1.2.3.example', '010.1.2.3', '']],
  ['F|cidr', 'fe80::/10', ['fe80::1%12', 'FEBF::1'], ['fec0::1', '10.0.0.1']],
  ['F|gte', 9007199254740993n.toString(), ['9007199254740993'], ['9007199254740992']],
  ['F|exists', 'no', [], ['', 'x', null]],
  ['F|minute', 5, ['2024-03-09T07:05:59.123Z', '2024-03-09 07:05'], ['07:05', '2024-02-30T07:05:00Z']],
  ['F|hour', [22, 23], ['2024-03-10T23:30:00+02:00'], ['2024-03-10T21:30:00Z']],
  ['F|week', 53, ['2021-01-01T00:00:00Z'], ['2021-01-04T00:00:00Z']],
];

describe('modifiers', () => {
  for (const [key, value, matching, failing] of cases) {
    it(`${key}: ${JSON.stringify(value)} tells values apart`, () => {
      expect(matching.filter((one) => !holds(key, value, { F: one }))).toEqual([]);
      expect(failing.filter((one) => holds(key, value, { F: one }))).toEqual([]);
    });
  }

  it('have all names of the specification and the long ones of pySigma', () => {
    const names = new Set(modifierNames());
    const wanted =
      'all base64 base64offset cased cidr contains day dotall endswith exists expand fieldref gt gte hour i ignorecase lt lte m ' +
      'minute month multiline neq re s startswith utf16 utf16be utf16le week wide windash year';
    expect(wanted.split(' ').filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('base64offset', () => {
  it('finds a value at every place inside longer text', () => {
    const bytes = fc.uint8Array({ maxLength: 7 });
    fc.assert(
      fc.property(bytes, fc.string({ minLength: 2, unit: 'grapheme' }), bytes, (before, value, behind) => {
        const whole = Buffer.concat([before, Buffer.from(value), behind]).toString('base64');
        expect(base64Fragments(Buffer.from(value)).some((fragment) => whole.includes(fragment))).toBe(true);
      }),
    );
  });
});

describe('Sigma text', () => {
  it('escapes stars, question marks and backslashes, and nothing else', () => {
    const star = { wildcard: '*' };
    expect(parseText('a\\*b')).toEqual(['a*b']);
    expect(parseText('a\\\\*b')).toEqual(['a\\', star, 'b']);
    expect(parseText('a\\\\\\*b')).toEqual(['a\\*b']);
    expect(parseText('C:\\x\\')).toEqual(['C:\\x\\']);
    expect(parseText('**a?')).toEqual([star, 'a', { wildcard: '?' }]);
    expect(parseText('')).toEqual(['']);
  });

  it('with wildcards matches what a regular expression of the same meaning matches', () => {
    const part = fc.constantFrom('a', 'b', '*', '?', 'ab', '\n', '😀');
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '😀'), { maxLength: 7 }).map((chars) => chars.join(''));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), text, (pattern, input) => {
        const source = pattern.map((one) => (one === '*' ? '[^]*' : one === '?' ? '[^]' : one)).join('');
        expect(partsMatch(parseText(pattern.join('')), input)).toBe(new RegExp(`^${source}$`, 'u').test(input));
      }),
      { numRuns: tries(650) },
    );
  });
});

describe('addresses', () => {
  it('are read strictly', () => {
    const bad = [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      ' 1.2.3.4',
      '1.2.3.4 ',
      ':::',
      '1::2::3',
      '12345::',
      'fe80',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8:9',
      '1.2.3.4::',
      '::1.2.3',
      'g::',
    ];
    expect(bad.filter((text) => parseAddress(text) !== null)).toEqual([]);
    const good = [
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '1::',
      '::1',
      '1:2:3:4:5:6:7:8',
      '::ffff:1.2.3.4',
      '1:2:3:4:5:6:1.2.3.4',
      'FE80::1%eth0',
    ];
    expect(good.filter((text) => parseAddress(text) === null)).toEqual([]);
  });

  it('have networks with a prefix that fits', () => {
    const bad = ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', 'x/8', 'fe80::%1/64'];
    expect(bad.filter((text) => parseNetwork(text) !== null)).toEqual([]);
  });
});

describe('timestamps', () => {
  it('have the ISO week of their date', () => {
    const week = (date: string): number => isoWeek(readIsoTime(`${date}T00:00:00Z`)!);
    expect(['2024-01-01', '2021-01-01', '2020-12-31', '2018-12-31', '2024-03-09', '2023-01-01'].map(week)).toEqual([
      1, 53, 53, 1, 10, 52,
    ]);
  });
});
