import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/model/diagnostic.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';

/** A rule around the lines of its detection. */
function detection(lines: string): string {
  return `title: t\nlogsource: {category: test}\ndetection:\n${lines.replace(/^/gm, '  ')}\n`;
}

/** A rule of one selection. */
const sel = (content: string) => detection(`sel: ${content}\ncondition: sel`);

/** A rule with more lines in its head. */
const head = (lines: string) => sel('{F: 1}').replace('title: t', `title: t\n${lines}`);

function diagnostics(text: string): string[] {
  return parseRules(text, 'a.yml').diagnostics.map(formatDiagnostic);
}

/** What is refused, and what is said of it. */
const refused: [text: string, ...told: string[]][] = [
  [
    sel('\n  CommandLine|contians: a'),
    '5:17 error rule/unknown-modifier: "contians" is not a modifier. Did you mean "contains"?',
  ],
  [sel('{F|: a}'), '4:11 error rule/unknown-modifier: a "|" without a modifier behind it.'],
  [
    sel('{F|re: "a("}'),
    '4:15 error rule/regex: the regular expression cannot be used: a "(" that is never closed (character 2 of "a(").',
  ],
  [
    sel('{F|contains|re: a}'),
    '4:24 error rule/modifier: "re" must come before "contains". Write "re|contains", or leave one of them out.',
  ],
  [sel('{F|i: a}'), '4:14 error rule/modifier: "i" is a flag of a regular expression. Write "re|i".'],
  [
    sel("{F|cidr: '10.0.0.0/33'}"),
    '4:17 error rule/cidr: "10.0.0.0/33" is not a network. Write an address and a prefix length: 10.0.0.0/8, fe80::/10.',
  ],
  [
    sel("{F|base64: 'a*b'}"),
    '4:19 error rule/modifier: "base64" encodes text without wildcards. Write \\* or \\? for the character; put "contains" behind the encoding for the wildcard.',
  ],
  [
    sel('{F|base64offset|contains: a}'),
    '4:34 error rule/modifier: "a" is too short for "base64offset": a fragment of it is empty and would match anything.',
  ],
  [sel('{F|exists: maybe}'), '4:19 error rule/modifier: "exists" takes true or false, not "maybe".'],
  [sel('{F|gt: abc}'), '4:15 error rule/modifier: "gt" needs a number, not "abc".'],
  [
    sel('{F|expand: "%Servers%"}'),
    '4:19 error rule/placeholder: no values for the placeholder %Servers%. Give them in a YAML file (name: [value, ...]) with --values.',
  ],
  [sel('{F: {a: b}}'), '4:12 error rule/value-type: the value of "F" is a map. Write a value or a list of values.'],
  [sel('{F: [a, [b]]}'), '4:16 error rule/value-type: a value of "F" is a list. Write a list of plain values.'],
  [sel('{}'), '4:8 error rule/empty-selection: "sel" holds an empty map. Name at least one field.'],
  [sel('\n  - null'), '5:7 error rule/keyword: null is no keyword. Put it under the name of a field.'],
  [sel("\n  '|exists': true"), '5:16 error rule/keyword: "exists" needs a field. Write "Field|exists".'],
  [
    sel('\n  F|contains: a\n  F|contains: b'),
    '6:5 error rule/duplicate-key: the key "F|contains" stands twice in one map. Put the values under one key as a list, or use a list of maps.',
  ],
  [
    detection('selection: {F: 1}\ncondition: selction'),
    '5:14 error rule/unknown-selection: "selction" is not a selection of this document. Did you mean "selection"?',
  ],
  [
    detection('sel_a: {F: 1}\ncondition: sel_*'),
    '5:14 error rule/unknown-selection: "sel_*" is not a selection of this document. Write "1 of sel_*" or "all of sel_*".',
  ],
  [
    detection('a: {F: 1}\nb: {F: 2}\ncondition: a AND b'),
    '6:16 error rule/operator-case: "AND" must be written in lower case. Write "and".',
  ],
  [
    detection('sel: {F: 1}\ncondition: "sel | count() by User > 5"'),
    '5:19 error rule/aggregation: aggregation in a condition ("| count() by User > 5") is not part of Sigma 2. Write a correlation rule of type event_count or value_count; "winnow migrate" does it.',
  ],
  [
    detection('sel: {F: 1}\ncondition: sel | near other'),
    '5:18 error rule/aggregation: "near" in a condition ("| near other") is not part of Sigma 2. Write a correlation rule of type temporal; "winnow migrate" does it.',
  ],
  [
    detection('sel: {F: 1}\ncondition: 2 of sel*'),
    '5:14 error rule/condition: "2 of" is not a quantifier. Only "1 of", "any of" and "all of" are defined.',
  ],
  [detection('sel: {F: 1}\ncondition: (sel'), '5:14 error rule/condition: this parenthesis is never closed.'],
  [
    detection('sel: {F: 1}\ncondition: sel sel'),
    '5:18 error rule/condition: "sel" is not expected here. Put "and" or "or" between selections.',
  ],
  [
    detection('sel: {F: 1}\ncondition: sel and 1 of filter_*'),
    '5:22 error rule/dangling-selector: "1 of filter_*" names no selection. Name a selection of this rule.',
  ],
  [detection('sel: {F: 1}'), '4:3 error rule/no-condition: "detection" has no condition. Add "condition: selection".'],
  [
    'logsource: {categry: x}\nlevel: hihg\ndetection: {sel: {F: 1}, condition: sel}\n',
    '1:1 error rule/no-title: the document has no title. Add "title: ...".',
    '2:8 warning rule/unknown-level: "hihg" is not a level. Did you mean "high"?',
    '1:12 error rule/no-logsource: the logsource names no product, category or service. Did you mean "category"?',
  ],
  [
    `taxonomy: ecs\n${detection('sel: {F: 1}\ncondition: sel')}`,
    '1:11 error rule/taxonomy: the rule\'s field names are those of the taxonomy "ecs", not of Sigma.',
  ],
  [
    'services:\n  web: 1\n',
    '1:1 error rule/no-detection: the document has no detection, correlation or filter: it is not a Sigma rule.',
  ],
  [
    'rule: mine.yml\ntests: []\n',
    '1:1 error rule/no-detection: the document has no detection, correlation or filter: it is not a Sigma rule. These are tests of a rule: name the rule itself here, or run them with `winnow test`.',
  ],
  ['just text\n', '1:1 error rule/type: a rule must be a map, not text.'],
  ['a: [1\nb: 2', '2:1 error rule/yaml: not valid YAML: deficient indentation.'],
  ['action: globl\ntitle: t\n', '1:9 error rule/action: "globl" is not an action. Did you mean "global"?'],
];

it.each(refused)('a rule is refused, with its place and what to do: %j', (text, ...told) => {
  const loaded = parseRules(text, 'a.yml');
  expect(loaded.diagnostics.map(formatDiagnostic)).toEqual(told.map((one) => `a.yml:${one}`));
  expect(loaded.rules).toEqual([]);
  expect(loaded.refused.map((one) => one.diagnostics)).toEqual([loaded.diagnostics]);
});

/** What is used with a warning. */
const warned: [text: string, ...told: string[]][] = [
  [head('references:\n  -'), '3:3 warning rule/metadata: "references" must be text or a list of texts, not nothing.'],
  [
    head('falsepositives:\n  - Support: all day\n  - b\nauthor: [a, b]\nid: {a: b}'),
    '3:5 warning rule/metadata: "falsepositives" must be text or a list of texts, not a map. Put text with a colon in it in quotes.',
    '5:9 warning rule/metadata: "author" must be text, not a list.',
    '6:5 warning rule/metadata: "id" must be text, not a map.',
  ],
  [head('level: hihg'), '2:8 warning rule/unknown-level: "hihg" is not a level. Did you mean "high"?'],
  [
    detection('sel: {F: 1}\ntimeframe: 5m\ncondition: all of them'),
    '5:3 warning rule/timeframe: "timeframe" is not part of Sigma 2 and is ignored. Write a correlation rule.',
  ],
  [
    sel('{F|contains|all: a}'),
    '4:9 warning rule/all-single: "all" has no effect on a single value. Leave "all" out, or give a list.',
  ],
  [sel('{F: [a, null]}'), '4:16 warning rule/null-in-list: null in a list of values; the specification wants it on its own.'],
  [sel('{F: []}'), '4:12 warning rule/empty-list: the value of "F" is an empty list; it is read as null. Write null.'],
  [
    detection('sel: {F: 1}\ncondition: sel and not 1 of filter_*'),
    '5:14 warning rule/dangling-selector: "1 of filter_*" names no selection; "not" of it is true. Leave it out.',
  ],
  [sel('{F: 0x1f}'), '4:12 warning rule/number-base: 0x1f without quotes is the number 31. Quote it to compare the text "0x1f".'],
  [sel("{F|gt: '5'}"), '4:15 warning rule/number-text: "gt" needs a number; "5" is text. Write 5 without quotes.'],
  [
    sel('{F|cidr: 10.0.0.5/8}'),
    '4:17 warning rule/cidr-host-bits: "10.0.0.5/8" has bits set behind its prefix; they are ignored.',
  ],
];

it.each(warned)('a rule is used, with a warning: %j', (text, ...told) => {
  expect(diagnostics(text)).toEqual(told.map((one) => `a.yml:${one}`));
  expect(parseRules(text, 'a.yml').rules).toHaveLength(1);
});

describe('hostile text', () => {
  it('of deep nesting is refused', () => {
    expect(diagnostics(`a: ${'['.repeat(5000)}`)[0]).toMatch(/^a\.yml:1:\d+ error rule\/yaml: not valid YAML/);
  });

  it('of aliases that multiply is refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(diagnostics(lines.join('\n'))).toEqual([
      'a.yml:1:1 error rule/too-large: more than 250000 YAML nodes in one document.',
    ]);
  });

  it('of global documents that multiply is refused', () => {
    const selections = Array.from({ length: 1500 }, (_, i) => `  s${i}: {a: 1}`).join('\n');
    const text = `action: global\ntitle: t\nlogsource: {category: x}\ndetection:\n${selections}\n---\n${Array(300).fill('detection: {condition: s1}').join('\n---\n')}`;
    const loaded = parseRules(text, 'a.yml');
    expect([loaded.rules.length < 100, [...new Set(loaded.diagnostics.map(({ code }) => code))]]).toEqual([
      true,
      ['rule/too-large'],
    ]);
  });

  it('of a deep condition is refused', () => {
    expect(diagnostics(detection(`sel: {F: 1}\ncondition: ${'('.repeat(200)}sel${')'.repeat(200)}`))[0]).toMatch(
      /^a\.yml:5:114 error rule\/too-large: more than 100 levels of nesting/,
    );
  });

  it('of many dashes and placeholders is refused', () => {
    expect(diagnostics(detection(`sel: {F|windash: '${' -a'.repeat(7)}'}\ncondition: sel`))[0]).toMatch(
      /rule\/too-large: 7 dashes/,
    );
    const text = detection(`sel: {F|expand: '${'%A%'.repeat(6)}'}\ncondition: sel`);
    const values = new Map([['A', Array.from({ length: 100 }, (_, i) => `v${i}`)]]);
    expect(parseRules(text, 'a.yml', { values }).diagnostics.map((one) => one.code)).toEqual(['rule/too-large']);
    const many = Array.from({ length: 2000 }, (_, i) => `'${' -a'.repeat(6)}${i}'`).join(', ');
    expect(diagnostics(detection(`sel: {F|windash: [${many}]}\ncondition: sel`))).toEqual([
      expect.stringMatching(/rule\/too-large: modifiers make more than 500000 values/),
    ]);
  });

  it('of names that objects have already is text like any other', () => {
    const text = detection('__proto__: {constructor: 1}\ntoString: {__proto__: 2}\ncondition: __proto__ or toString');
    const [rule] = parseRules(text, 'a.yml').rules;
    expect(rule?.kind === 'detection' && Object.keys(rule.selections)).toEqual(['__proto__', 'toString']);
  });
});
