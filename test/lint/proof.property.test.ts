/** A lint error rests on a proof: whatever the prover claims is true of every event that the interpreter is asked about. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventView, interpretCondition, interpretPattern } from '../../src/engine/match/interpret.ts';
import { ruleFormula } from '../../src/lint/logic/formula.ts';
import { patternImplies, patternOn, patternsExclude } from '../../src/lint/logic/pattern.ts';
import { Prover } from '../../src/lint/logic/proof.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import type { DetectionRule, Pattern, TextPart } from '../../src/model/rule.ts';
import { joinParts } from '../../src/sigma/modifiers/support/text-parts.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { tries } from '../support/random.ts';

const text = fc.stringMatching(/^[aAbé\\*?1.]{0,4}$/);
const part: fc.Arbitrary<TextPart> = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[aAbÉé\\1]{1,2}$/) },
  { weight: 2, arbitrary: fc.constantFrom<TextPart>({ wildcard: '*' }, { wildcard: '?' }) },
);
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.array(part, { maxLength: 4 }), fc.boolean())
      .map(([parts, cased]): Pattern => ({ kind: 'text', parts: joinParts(parts), cased })),
  },
  { weight: 1, arbitrary: fc.constantFrom('1', '11').map((decimal): Pattern => ({ kind: 'number', decimal, source: decimal })) },
  { weight: 1, arbitrary: fc.boolean().map((value): Pattern => ({ kind: 'boolean', value })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.constantFrom('0', '1', '2', '11'))
      .map(([operator, value]): Pattern => ({ kind: 'test', modifier: operator, argument: { operator, value } })),
  },
  { weight: 1, arbitrary: fc.boolean().map((value): Pattern => ({ kind: 'exists', value })) },
  { weight: 1, arbitrary: fc.constant<Pattern>({ kind: 'null' }) },
  { weight: 1, arbitrary: fc.constantFrom('a+', '^a', 'b$').map((source): Pattern => ({ kind: 'regex', source, flags: '' })) },
);
const value = fc.oneof(
  fc.constantFrom('a', 'A', 'ab', 'é', 'É', '1', '01', '0', '2', '1.5', '-3', '11', '12', 'true', '', '\\a'),
  text,
);

function on(of: Pattern, held: string | null | undefined): boolean {
  const view = { field: () => held, values: () => [] };
  return interpretPattern(of, 'F', view);
}

describe('what is proven of patterns', () => {
  it.each([
    ['an implication', patternImplies, (first: boolean, second: boolean) => !first || second],
    ['an exclusion', patternsExclude, (first: boolean, second: boolean) => !(first && second)],
  ])('%s holds for every value', (_, isProven, holds) => {
    let proven = 0;
    const values = fc.array(fc.oneof(value, fc.constant(undefined), fc.constant(null)), { minLength: 5 });
    fc.assert(
      fc.property(pattern, pattern, values, (a, b, held) => {
        if (!isProven(a, b)) return;
        proven++;
        for (const one of held) expect(holds(on(a, one), on(b, one))).toBe(true);
      }),
      { numRuns: tries(1500) },
    );
    expect(proven).toBeGreaterThan(30);
  });

  it('what is said of a known value is what the interpreter says', () => {
    fc.assert(
      fc.property(pattern, fc.oneof(value, fc.constant(undefined)), (one, held) => {
        const said = patternOn(one, held);
        if (said !== undefined) expect(said).toBe(on(one, held));
      }),
      { numRuns: tries(1000) },
    );
  });
});

const FIELDS = ['F', 'G'];
const WORDS = ['a', 'ab', 'b', '*', 'a*', '*b', '1'];
const item = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.constantFrom('', '|contains', '|startswith', '|endswith', '|contains|all', '|neq', '|cased'),
    fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }),
  )
  .map(([field, modifier, words]) => `${field}${modifier}: [${words.map((word) => JSON.stringify(word)).join(', ')}]`);
const nothing = fc.constantFrom(...FIELDS).map((field) => `${field}: null`);
const map = fc.array(fc.oneof({ weight: 6, arbitrary: item }, { weight: 1, arbitrary: nothing }), { minLength: 1, maxLength: 2 });
const condition = fc.constantFrom(
  'a',
  'a and b',
  'a and not b',
  'a or b',
  '(a or b) and not c',
  'a and b and not c',
  'not a and b',
  'all of them',
  'a and not 1 of them',
);
const rule = fc.tuple(map, map, map, condition).map(([a, b, c, of]) => {
  const unique = (lines: readonly string[]) =>
    [...new Map(lines.map((line) => [line.split(':')[0], line])).values()].map((line) => `    ${line}`).join('\n');
  return `title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n  a:\n${unique(a)}\n  b:\n${unique(b)}\n  c:\n${unique(c)}\n  condition: ${of}\n`;
});
const event = fc.record({
  F: fc.oneof(value, fc.constant(null), fc.constant(undefined)),
  G: fc.oneof(value, fc.constant(undefined)),
});

function detectionOf(source: string): DetectionRule | undefined {
  const [first] = parseRules(source, 'r.yml').rules;
  return first?.kind === 'detection' ? first : undefined;
}

function holds(of: DetectionRule, fields: Record<string, unknown>): boolean {
  return interpretCondition(of.condition, of.selections, eventView(plainEvent(fields), null));
}

describe('what is proven of rules', () => {
  it('a rule that can never match matches no event', () => {
    let proven = 0;
    fc.assert(
      fc.property(rule, fc.array(event, { minLength: 8 }), (source, events) => {
        const one = detectionOf(source);
        if (one === undefined || !new Prover(() => true).neverHolds(ruleFormula(one))) return;
        proven++;
        for (const fields of events)
          expect({ source, fields, holds: holds(one, fields) }).toEqual({ source, fields, holds: false });
      }),
      { numRuns: tries(650) },
    );
    expect(proven).toBeGreaterThan(15);
  });

  it('a rule that another one subsumes matches only what that one matches', () => {
    let proven = 0;
    fc.assert(
      fc.property(rule, rule, fc.array(event, { minLength: 8 }), (narrowSource, wideSource, events) => {
        const narrow = detectionOf(narrowSource);
        const wide = detectionOf(wideSource);
        if (narrow === undefined || wide === undefined) return;
        if (!new Prover(() => false).implies(ruleFormula(narrow), ruleFormula(wide))) return;
        proven++;
        for (const fields of events) if (holds(narrow, fields)) expect(holds(wide, fields)).toBe(true);
      }),
      { numRuns: tries(1000) },
    );
    expect(proven).toBeGreaterThan(15);
  });
});
