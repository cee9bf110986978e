import { describe, expect, it } from 'vitest';
import type { Condition, Detection, DetectionRule, LoadedRules } from '../../../src/model/rule.ts';
import { parseFile } from '../../../src/sigma/rule/parse/parse-file.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { loadPlaceholders } from '../../../src/sigma/rule/placeholders.ts';

function only(text: string, options = {}): DetectionRule {
  const loaded = parseRules(text, 'a.yml', options);
  expect(loaded.refused).toEqual([]);
  const [rule] = loaded.rules;
  if (rule?.kind !== 'detection') throw new Error('no detection rule');
  return rule;
}

function detection(lines: string): string {
  return `title: t\nlogsource: {category: test}\ndetection:\n${lines.replace(/^/gm, '  ')}\n`;
}

/** A condition as text with every parenthesis. */
function show(condition: Condition): string {
  switch (condition.kind) {
    case 'selection':
      return condition.name;
    case 'selector':
      return `${condition.quantifier}(${condition.names.join(' ')})`;
    case 'not':
      return `!${show(condition.of)}`;
    default:
      return `(${condition.of.map(show).join(condition.kind === 'and' ? ' & ' : ' | ')})`;
  }
}

describe('a rule', () => {
  it('becomes plain data with places', () => {
    const text = `title: Whoami
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
status: test
description: d
author: a
date: 2024-01-02
tags: [attack.discovery]
level: low
regression_tests_path: x/info.yml
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\whoami.exe'
        EventID: 1
    condition: selection
`;
    expect(parseRules(text, 'rules/a.yml')).toEqual({
      rules: [
        {
          kind: 'detection',
          head: {
            title: 'Whoami',
            id: '5638f7c0-ac70-491d-8465-2a65075e0d86',
            status: 'test',
            description: 'd',
            author: 'a',
            date: '2024-01-02',
            level: 'low',
            tags: ['attack.discovery'],
            references: [],
            falsepositives: [],
            fields: [],
            custom: { regression_tests_path: 'x/info.yml' },
            path: 'rules/a.yml',
            span: { line: 1, column: 1 },
          },
          logsource: { product: 'windows', category: 'process_creation' },
          logsourceSpan: { line: 11, column: 5 },
          selections: {
            selection: {
              kind: 'all',
              of: [
                {
                  kind: 'item',
                  field: 'Image',
                  modifiers: ['endswith'],
                  values: [
                    {
                      source: '\\whoami.exe',
                      span: { line: 15, column: 25 },
                      pattern: { kind: 'text', parts: [{ wildcard: '*' }, '\\whoami.exe'], cased: false },
                    },
                  ],
                  linking: 'any',
                  negated: false,
                  span: { line: 15, column: 9 },
                },
                {
                  kind: 'item',
                  field: 'EventID',
                  modifiers: [],
                  values: [
                    { source: '1', span: { line: 16, column: 18 }, pattern: { kind: 'number', decimal: '1', source: '1' } },
                  ],
                  linking: 'any',
                  negated: false,
                  span: { line: 16, column: 9 },
                },
              ],
              span: { line: 15, column: 9 },
            },
          },
          condition: { kind: 'selection', name: 'selection' },
          conditionSource: ['selection'],
          conditionSpan: { line: 17, column: 16 },
          filters: [],
        },
      ],
      refused: [],
      diagnostics: [],
      files: 1,
      documents: 1,
    });
  });

  it('keeps what numbers of YAML stand for and how they are written', () => {
    const rule = only(
      detection('sel: {F: [4624, 0x10, 0o17, 010, -0012.50, .5, 1e3, 25e-1, 9007199254740993, 1_000, 12:30]}\ncondition: sel'),
    );
    const item = rule.selections.sel;
    const seen = item?.kind === 'item' ? item.values.map(({ pattern }) => pattern) : [];
    const number = (decimal: string, source: string): unknown => ({ kind: 'number', decimal, source });
    const text = (part: string): unknown => ({ kind: 'text', parts: [part], cased: false });
    expect(seen).toEqual([
      number('4624', '4624'),
      number('16', '0x10'),
      number('15', '0o17'),
      number('10', '010'),
      number('-12.5', '-0012.50'),
      number('0.5', '.5'),
      { kind: 'any', of: [number('1000', '1e3'), text('1e3')] },
      { kind: 'any', of: [number('2.5', '25e-1'), text('25e-1')] },
      number('9007199254740993', '9007199254740993'),
      text('1_000'),
      text('12:30'),
    ]);
  });

  it('takes a list in a list as alternatives', () => {
    const rule = only(detection('sel: [[{A: 1, B: 2}, kw], {C: 3}, other]\ncondition: sel'));
    const shape = (found: Detection): unknown =>
      found.kind === 'item' ? (found.field ?? found.values.map(({ source }) => source)) : { [found.kind]: found.of.map(shape) };
    expect(shape(rule.selections.sel!)).toEqual({ any: [{ any: [{ all: ['A', 'B'] }, ['kw']] }, 'C', ['other']] });
  });

  it('reads anchors, aliases and merge keys', () => {
    const rule = only(detection('base: &b {F: 1}\nsel:\n  <<: *b\n  G: 2\nother: *b\ncondition: 1 of them'));
    const fields = (name: string): unknown => {
      const found = rule.selections[name];
      return found?.kind === 'all'
        ? found.of.map((one) => one.kind === 'item' && one.field)
        : found?.kind === 'item' && found.field;
    };
    expect([fields('base'), fields('sel'), fields('other')]).toEqual(['F', ['G', 'F'], 'F']);
  });
});

describe('a condition', () => {
  const three = 'a: {A: 1}\nb: {B: 1}\nc: {C: 1}\n_d: {D: 1}\n';
  it.each([
    ['a or b and c', '(a | (b & c))'],
    ['not a and b', '(!a & b)'],
    ['not (a or b)', '!(a | b)'],
    ['a and not not b', '(a & !!b)'],
    ['((a))', 'a'],
    ['  a\n  and b', '(a & b)'],
    ['1 of them', 'any(a b c)'],
    ['all of *', 'all(a b c)'],
    ['any of _*', 'any(_d)'],
    ['1 of a', 'any(a)'],
    ['not 1 of x*', '!any()'],
    ['not all of x*', '!any()'],
  ])('%j binds as the specification says: %s', (source, tree) => {
    expect(show(only(detection(`${three}condition: ${JSON.stringify(source)}`)).condition)).toBe(tree);
  });

  it('of several texts is one or', () => {
    expect(show(only(detection(`${three}condition: [a and b, c]`)).condition)).toBe('((a & b) | c)');
  });

  it('may name selections that begin with an operator', () => {
    const rule = only(detection('and_x: {A: 1}\nnot_z: {B: 1}\n1sel: {C: 1}\ncondition: and_x and not not_z or 1sel'));
    expect(show(rule.condition)).toBe('((and_x & !not_z) | 1sel)');
  });
});

describe('documents of one file', () => {
  it('are missed where the user says that it has some', () => {
    for (const text of ['', '# later\n', '---\n---\n', '\ufeff']) {
      const { documents, count, diagnostics } = parseFile(text, 'a.yml');
      expect([documents, count]).toEqual([[], 0]);
      expect(diagnostics).toEqual([
        {
          code: 'rule/empty-file',
          severity: 'warning',
          message: 'the file holds no rule.',
          place: { file: 'a.yml', line: 1, column: 1 },
        },
      ]);
      expect(parseFile(text, 'a.yml', undefined, false).diagnostics).toEqual([]);
    }
  });
  it('take over what a global document says, and its values win', () => {
    const text = `action: global
title: g
logsource: {category: test}
detection: {condition: sel}
---
title: own
detection: {sel: {A: 1}}
---
action: repeat
detection: {sel: {B: 2}}
---
action: reset
---
detection: {sel: {A: 1}, condition: sel}
logsource: {category: test}
`;
    const loaded = parseRules(text, 'a.yml');
    expect(loaded.rules.map((rule) => rule.head.title)).toEqual(['g', 'g']);
    const second = loaded.rules[1];
    expect(second?.kind === 'detection' && second.selections.sel?.kind).toBe('all');
    expect(loaded.refused.map((one) => one.diagnostics.map(({ code }) => code))).toEqual([['rule/no-title']]);
    expect(loaded.documents).toBe(4);
  });

  it('are refused when they would have the same id, and so is a global document that no rule comes of', () => {
    const text = `action: global
title: g
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
logsource: {category: test}
detection: {condition: sel}
---
detection: {sel: {A: 1}}
---
detection: {sel: {B: 1}}
`;
    const loaded = parseRules(text, 'a.yml');
    expect(loaded.diagnostics.map(({ code, place }) => [code, place.line])).toEqual([
      ['rule/unused-global', 1],
      ['rule/shared-id', 7],
      ['rule/shared-id', 9],
    ]);
    expect([loaded.rules.length, loaded.refused.length, loaded.documents]).toEqual([0, 3, 3]);
    const own = text.replace('detection: {sel: {B', 'id: 6638f7c0-ac70-491d-8465-2a65075e0d86\ndetection: {sel: {B');
    // The global id wins over the document's own.
    expect(parseRules(own).rules.map((rule) => rule.head.id)).toEqual([]);
    expect(parseRules(text.slice(0, text.lastIndexOf('---'))).rules).toHaveLength(1);
  });
});

const RULE =
  'title: f\nname: failed\nlogsource: {product: windows, category: test}\ndetection:\n  sel: {EventID: 4625}\n  condition: 1 of them\n';

describe('a filter', () => {
  const filter = (head: string, body: string): string =>
    `${RULE}---\ntitle: flt\n${head}\nfilter:\n${body.replace(/^/gm, '  ')}\n`;

  it('is ANDed to the rules it names, its selections under names of their own', () => {
    const loaded = parseRules(
      filter('logsource: {product: windows}', 'rules: [failed]\nsel: {User: x}\ncondition: not 1 of sel*'),
    );
    const [rule] = loaded.rules;
    if (rule?.kind !== 'detection') throw new Error('no rule');
    expect(Object.keys(rule.selections)).toEqual(['sel', 'flt/sel']);
    expect(show(rule.condition)).toBe('(any(sel) & !any(flt/sel))');
    expect(rule.filters).toEqual(['flt']);
    expect(loaded.diagnostics).toEqual([]);
  });

  it('leaves rules of other log sources alone, and names that are not loaded are a warning', () => {
    const loaded = parseRules(
      filter('logsource: {category: other}', 'rules: [failed, faild]\nsel: {User: x}\ncondition: not sel'),
      'a.yml',
    );
    expect(loaded.rules.map((rule) => rule.kind === 'detection' && rule.filters)).toEqual([[]]);
    expect(loaded.diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ['rule/filter-without-rule', 'Did you mean "failed"?'],
    ]);
  });

  it('that suppresses nothing is a warning', () => {
    const loaded = parseRules(filter('logsource: {product: windows}', 'rules: any\nsel: {User: x}\ncondition: sel'));
    expect(loaded.diagnostics.map(({ code }) => code)).toEqual(['rule/filter-condition']);
    expect(loaded.rules.map((rule) => rule.kind === 'detection' && rule.filters)).toEqual([['flt']]);
  });

  it('without rules or without a condition is refused', () => {
    const codes = (body: string): string[] =>
      parseRules(filter('logsource: {product: windows}', body)).diagnostics.map(({ code }) => code);
    expect(codes('sel: {User: x}\ncondition: not sel')).toEqual(['rule/filter']);
    expect(codes('rules: [failed]\nsel: {User: x}')).toEqual(['rule/no-condition']);
  });
});

describe('a correlation', () => {
  const correlation = (body: string, more = ''): LoadedRules =>
    parseRules(`title: c\nname: corr\ncorrelation:\n${body.replace(/^/gm, '  ')}\n---\n${RULE}${more}`, 'a.yml');

  it('becomes plain data', () => {
    const loaded = correlation(
      'type: value_count\nrules: failed\ngroup-by: [User, Host]\ntimespan: 1h\ncondition: {gte: 3, lt: 10.5, field: [Ip, Port]}\naliases: {Host: {failed: Computer}}\ngenerate: true',
    );
    expect(loaded.refused).toEqual([]);
    expect(loaded.rules[0]).toMatchObject({
      kind: 'correlation',
      type: 'value_count',
      rules: ['failed'],
      groupBy: ['User', 'Host'],
      timespanMs: 3_600_000,
      timespan: '1h',
      condition: {
        bounds: [
          { operator: 'gte', value: 3 },
          { operator: 'lt', value: 10.5 },
        ],
        fields: ['Ip', 'Port'],
      },
      aliases: { Host: { failed: 'Computer' } },
      generate: true,
    });
  });

  it('of type temporal asks for all of its rules when it says nothing', () => {
    const [rule] = correlation('type: temporal\nrules: [failed]\ntimespan: 5m').rules;
    expect(rule?.kind === 'correlation' && rule.condition).toEqual({ bounds: [{ operator: 'gte', value: 1 }], fields: [] });
  });

  it('may have an expression over rules', () => {
    const success = `---\n${RULE.replace('failed', 'success')}`;
    const [rule] = correlation('type: temporal\ntimespan: 5m\ncondition: failed and not success', success).rules;
    if (rule?.kind !== 'correlation') throw new Error('no correlation');
    expect(rule.rules).toEqual(['failed', 'success']);
    expect(show(rule.condition.expression!)).toBe('(failed & !success)');
  });

  it('generates matches of its rules when "generate" says so, inside or beside the correlation', () => {
    const generate = (inside: string, beside: string): unknown => {
      const body = `  type: event_count\n  rules: failed\n  timespan: 5m\n  condition: {gte: 1}\n${inside}`;
      const loaded = parseRules(`title: c\n${beside}correlation:\n${body}---\n${RULE}`);
      const [rule] = loaded.rules;
      return rule?.kind === 'correlation' ? rule.generate : loaded.diagnostics.map(({ message }) => message);
    };
    expect(generate('', '')).toBe(false);
    expect(generate('  generate: true\n', '')).toBe(true);
    expect(generate('', 'generate: true\n')).toBe(true);
    expect(generate('  generate: true\n', 'generate: false\n')).toEqual(['"generate" is given twice and differs.']);
    expect(generate('', 'generate: x\n')).toEqual(['"generate" must be true or false, not text.']);
  });

  it('counts every unit of time', () => {
    const spans = ['30s', '2m', '3h', '4d', '1w', '1M', '1y'].map((timespan) => {
      const [rule] = correlation(`type: event_count\nrules: failed\ntimespan: ${timespan}\ncondition: {gte: 1}`).rules;
      return rule?.kind === 'correlation' && rule.timespanMs / 1000;
    });
    expect(spans).toEqual([30, 120, 10_800, 345_600, 604_800, 2_629_746, 31_556_952]);
  });

  const ok = 'type: event_count\nrules: failed\ntimespan: 5m\ncondition: {gte: 1}';
  it.each([
    [ok.replace('event_count', 'event_cuont'), 'rule/correlation', '"event_cuont" is not a correlation type.'],
    [ok.replace('timespan: 5m\n', ''), 'rule/correlation', 'the correlation has no timespan.'],
    [ok.replace('5m', '10'), 'rule/timespan', '"10" is not a timespan.'],
    [ok.replace('rules', 'group_by: [x]\nrules'), 'rule/correlation', '"group_by" is not a key of a correlation.'],
    [ok.replace('\ncondition: {gte: 1}', ''), 'rule/no-condition', 'a correlation of type event_count needs a condition.'],
    [
      ok.replace('{gte: 1}', 'failed'),
      'rule/correlation',
      'the condition of a correlation of type event_count must be a map, not text.',
    ],
    [ok.replace('gte: 1', 'gte: x'), 'rule/correlation', '"gte" needs a number, not text.'],
    [ok.replace('event_count', 'value_sum'), 'rule/correlation', 'type value_sum needs a "field".'],
    [
      ok.replace('event_count', 'value_percentile').replace('gte', 'field: x, gte'),
      'rule/correlation',
      'type value_percentile needs a "percentile".',
    ],
    [ok.replace('failed', 'faild'), 'rule/unknown-rule', 'the correlation names "faild", which is not among the loaded rules.'],
    [ok.replace('failed', 'corr'), 'rule/rule-cycle', 'the correlation needs "corr", which cannot be used or refers back to it.'],
    [`${ok}\naliases: {a: {other: x}}`, 'rule/correlation', 'the alias "a" names "other", which is not one of "rules".'],
    [
      'type: temporal\nrules: [failed, success]\ntimespan: 5m\ncondition: failed',
      'rule/correlation',
      'the condition does not use "success" of "rules".',
    ],
  ])('is refused: %j', (body, code, message) => {
    const loaded = correlation(body);
    expect(loaded.diagnostics.map((one) => [one.code, one.message])).toEqual([[code, message]]);
    expect(loaded.rules.map((rule) => rule.head.title)).toEqual(['f']);
  });

  it('of a refused or an ambiguous rule is refused', () => {
    const refusedRule = correlation(
      ok.replace('failed', 'broken'),
      `---\n${RULE.replace('failed', 'broken').replace('sel:', 'other:').replace('1 of them', 'x')}`,
    );
    expect(refusedRule.diagnostics.map(({ code }) => code)).toEqual(['rule/unknown-selection', 'rule/refused-rule']);
    expect(correlation(ok, `---\n${RULE}`).diagnostics.map(({ code }) => code)).toEqual(['rule/ambiguous-rule']);
  });

  it('finds rules by id, whatever its case', () => {
    const id = '5638F7C0-AC70-491D-8465-2A65075E0D86';
    const rule = `---\n${RULE.replace('name: failed', `id: ${id}`)}`;
    expect(correlation(ok.replace('failed', id.toLowerCase()), rule).refused).toEqual([]);
  });
});

describe('placeholders', () => {
  it('come from a YAML map of values or lists', () => {
    const { values, diagnostics } = loadPlaceholders('Servers: [srv1, srv2*]\n"%Port%": 443\n');
    expect([...values]).toEqual([
      ['Servers', ['srv1', 'srv2*']],
      ['Port', ['443']],
    ]);
    expect(diagnostics).toEqual([]);
  });

  it('are put in as Sigma text, every combination an alternative', () => {
    const values = new Map([
      ['A', ['1', 'x*']],
      ['B', ['y']],
    ]);
    const rule = only(detection("sel: {F|expand: '%A%-%B%\\%'}\ncondition: sel"), { values });
    const { sel } = rule.selections;
    expect(sel?.kind === 'item' && sel.values[0]?.pattern).toEqual({
      kind: 'any',
      of: [
        { kind: 'text', parts: ['1-y%'], cased: false },
        { kind: 'text', parts: ['x', { wildcard: '*' }, '-y%'], cased: false },
      ],
    });
  });

  it('in a file that is no map are a fault with its place', () => {
    expect(loadPlaceholders('- a\n', 'values.yml').diagnostics).toEqual([
      {
        code: 'rule/values',
        severity: 'error',
        message: 'a values file is a map from name to values, not a list.',
        hint: 'Write "name: [value, ...]".',
        place: { file: 'values.yml', line: 1, column: 1 },
      },
    ]);
  });
});
