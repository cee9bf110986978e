import { expect, it } from 'vitest';
import { code, itemWords } from '../../src/lsp/item-words.ts';
import type { DetectionItem, DetectionRule } from '../../src/model/rule.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';

function words(item: string): string {
  const text = `title: A\nlogsource: {product: windows}\ndetection:\n    s:\n        ${item}\n    condition: s\n`;
  const rule = parseRules(text).rules[0] as DetectionRule;
  const selection = rule.selections.s!;
  return itemWords((selection.kind === 'item' ? selection : selection.of[0]) as DetectionItem).split('\n\n')[0]!;
}

it.each([
  ["A: 'x'", '`A` is `x`'],
  ["A: 'x*y?'", '`A` is `x*y?`'],
  ["A|startswith: 'C:\\'", '`A` begins with `C:\\`'],
  ["A|contains|cased: 'x'", '`A` contains `x` (in the same case)'],
  ["A|neq: 'x'", '**not**: `A` is `x`'],
  ['A: [1, null]', '`A`: one of these holds\n- is the number 1\n- is absent, null or an empty list'],
  ['A|exists: false', '`A` does not exist'],
  ["A|re|i: '^a.+b$'", '`A` has a part that matches `/^a.+b$/i`'],
  ['A|fieldref: B', '`A` equals the value of `B`'],
  ["A|contains|all: ['x', 'y']", '`A`: all of these hold\n- contains `x`\n- contains `y`'],
  ["A|base64offset|contains: 'foobar'", '`A` contains `Zm9vYmFy` or contains `Zvb2Jhc` or contains `mb29iYX`'],
  ['A|gte: 5', '`A` passes `gte 5`'],
  ["A|cidr: '10.0.0.0/8'", '`A` passes `cidr 10.0.0.0/8`'],
])('%s', (item, expected) => {
  expect(words(item)).toBe(expected);
});

it('text of a rule stays code, whatever it holds', () => {
  expect(code('a`](javascript:x)<b>`` c')).toBe('``` a`](javascript:x)<b>`` c ```');
  expect(code('a\n\u202eb')).toBe('`a\ufffd\ufffdb`');
  expect(code('x'.repeat(500)).length).toBeLessThan(130);
});
