import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../src/compile/compile.ts';
import { deserializeRuleSet, serializeRuleSet } from '../../src/compile/serialize.ts';
import { resolveLogSource } from '../../src/logsource/resolve.ts';
import { createMatcher } from '../../src/match/matcher.ts';
import { harmlessJson } from '../../src/model/json-text.ts';
import { JsonWriter } from '../../src/model/json-writer.ts';
import type { SigmaRule } from '../../src/model/rule.ts';
import { plainEvent } from '../../src/read/plain-event.ts';
import { parseRules } from '../../src/rule/parse.ts';
import { interpreterHits, matcherHits, usedDetections } from './rules.ts';

// Few letters, so that values and patterns meet often; those that case folding treats specially; both halves of a pair.
const LETTERS = ['a', 'A', 'b', 'B', '\\', '-', ' ', '.', '/', 'é', 'É', 'Σ', 'σ', 'ς', 'İ', 'i', '\u212a', 'k', '😀', '\n', '1'];
const letters = fc.array(fc.constantFrom(...LETTERS), { maxLength: 9 }).map((parts) => parts.join(''));
const words = fc.constantFrom(
  'cmd.exe',
  'C:\\Windows\\',
  'powershell',
  ' -enc ',
  'true',
  '4688',
  '-1.50',
  '10.1.2.3',
  '0x3e7',
  '',
);
const value = fc.oneof(
  { weight: 4, arbitrary: letters },
  { weight: 2, arbitrary: words },
  { weight: 2, arbitrary: fc.tuple(letters, words, letters).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('-1.5', '0', '00', '4624', '999', '::1', 'fe80::1%3', '2020-02-03T04:05:06Z') },
);
const fieldValue = fc.oneof(
  { weight: 8, arbitrary: value },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(fc.oneof(value, fc.constant(null)), { maxLength: 3 }) },
);
const FIELDS = ['A', 'B', 'Image', 'ParentImage', 'CommandLine', 'NewProcessName', 'ProcessId', 'User', 'Channel', 'EventID'];
const field = fc.constantFrom(...FIELDS);

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', Provider_Name: 'Microsoft-Windows-Sysmon' };
const SECURITY = { Channel: 'Security', Provider_Name: 'Microsoft-Windows-Security-Auditing' };
const system = fc.constantFrom<Record<string, unknown>>(
  { ...SYSMON, EventID: 1 },
  { ...SYSMON, EventID: 13 },
  { ...SECURITY, EventID: 4688 },
  { ...SECURITY, EventID: 4624 },
  { ...SECURITY, EventID: '04624' },
  { ...SECURITY, EventID: [1, 4624] },
  { ...SECURITY },
  { ...SECURITY, Channel: 'ForwardedEvents', EventID: 4688 },
  { Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 1 },
  { Channel: 'System', EventID: 1 },
);
const event = fc
  .tuple(system, fc.dictionary(field, fieldValue, { maxKeys: 8 }))
  .map(([fields, data]) => plainEvent({ ...fields, NewProcessId: '0x3e7', ...data }));

const MODIFIERS = [
  '',
  'contains',
  'startswith',
  'endswith',
  'contains|all',
  'cased',
  'contains|cased',
  'endswith|cased',
  'contains|neq',
  'neq',
  'windash|contains',
  'base64offset|contains',
  'wide|base64offset|contains',
];
const wild = fc
  .array(fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: fc.constantFrom('*', '?', '\\*', '\\\\') }), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''));
const textItem = fc.tuple(
  fc.constantFrom(...MODIFIERS),
  fc.array(fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: wild }), { minLength: 1, maxLength: 4 }),
);
const plainItem = fc.tuple(
  fc.constant(''),
  fc.array(fc.oneof(value, fc.constantFrom(null, true, false, 0, 4688, 4624, -1.5, 1)), { minLength: 1, maxLength: 3 }),
);
const testItem = fc.constantFrom<[string, unknown]>(
  ['re', 'a+b'],
  ['re|i', '(cmd|powershell)\\.exe'],
  ['re', '^[a-c\\\\]*$'],
  ['re', ''],
  ['cidr', '10.0.0.0/8'],
  ['gt', 1],
  ['lte', 4624],
  ['hour', 4],
  ['exists', true],
  ['exists', false],
  ['fieldref', 'B'],
  ['fieldref|contains', 'A'],
  ['fieldref|endswith|cased', 'Image'],
);
const item = fc
  .tuple(
    field,
    fc.oneof({ weight: 5, arbitrary: textItem }, { weight: 2, arbitrary: plainItem }, { weight: 2, arbitrary: testItem }),
  )
  .map(([name, [modifiers, values]]) => [modifiers === '' ? name : `${name}|${modifiers}`, values] as const);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items));
const keywords = fc.array(fc.oneof(value, wild), { minLength: 1, maxLength: 3 });
const selection = fc.oneof(
  { weight: 6, arbitrary: map },
  { weight: 2, arbitrary: fc.array(map, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: keywords },
  { weight: 1, arbitrary: keywords.map((list) => ({ '|all': list })) },
);
const rule = fc.record({
  title: fc.constant('random'),
  logsource: fc.constantFrom(
    { product: 'windows' },
    { product: 'windows', category: 'process_creation' },
    { product: 'windows', service: 'security' },
    { product: 'windows', category: 'registry_set' },
  ),
  detection: fc.record({
    a: selection,
    b: selection,
    c: selection,
    condition: fc.constantFrom(
      'a',
      'a and not b',
      'not a',
      'a and b or c',
      '1 of them',
      'all of them',
      'a and not (b or not c)',
      'not 1 of *',
      '(a or b) and (a or c)',
      'not not a',
    ),
  }),
});
/** JSON is YAML. Rules that are refused (a fault in what chance put together) are left out. */
const rules = fc
  .array(rule, { minLength: 1, maxLength: 6 })
  .map((list): readonly SigmaRule[] => parseRules(list.map((one) => JSON.stringify(one)).join('\n---\n')).rules);

describe('the matcher', () => {
  test('finds what the reference evaluator finds, for any rules and events', () => {
    let hits = 0;
    fc.assert(
      fc.property(rules, fc.array(event, { minLength: 1, maxLength: 6 }), (list, events) => {
        const detections = usedDetections(list);
        const ruleSet = compileRules(list, (logsource) => resolveLogSource(logsource));
        const matcher = createMatcher(ruleSet);
        // Twice: the second time from what it remembers of the values.
        for (const one of [...events, ...events]) {
          const wanted = interpreterHits(ruleSet, detections, one);
          hits += wanted.length;
          expect(matcherHits(ruleSet, one, matcher)).toEqual(wanted);
        }
      }),
      { numRuns: 2000 },
    );
    // Rules and events that never meet would prove nothing.
    expect(hits).toBeGreaterThan(2000);
  });

  test('shows evidence for a match whenever a rule matches by something that is there', () => {
    fc.assert(
      fc.property(rules, event, (list, one) => {
        const ruleSet = compileRules(list, (logsource) => resolveLogSource(logsource));
        const matcher = createMatcher(ruleSet);
        for (const { rule: number, source } of matcherHits(ruleSet, one, matcher)) {
          for (const found of matcher.evidence(one, number, source)) {
            expect(typeof found.pattern).toBe('string');
            expect(found.name === 'keyword' || FIELDS.includes(found.name)).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('shows the same evidence whether or not it remembers that of other events, and as JSON.stringify would write it', () => {
    let remembered = 0;
    fc.assert(
      fc.property(rules, fc.array(event, { minLength: 1, maxLength: 6 }), (list, events) => {
        const ruleSet = compileRules(list, (logsource) => resolveLogSource(logsource));
        const matcher = createMatcher(ruleSet);
        for (const one of [...events, ...events]) {
          for (const { rule: number, source } of matcherHits(ruleSet, one, matcher)) {
            const fresh = createMatcher(ruleSet).evidence(one, number, source);
            const out = new JsonWriter(1);
            matcher.writeEvidence(one, number, source, out);
            expect(out.written().toString('utf8')).toBe(harmlessJson(JSON.stringify(fresh)));
            remembered += fresh.length;
          }
        }
      }),
      { numRuns: 500 },
    );
    // Random rules and events: about a thousand.
    expect(remembered).toBeGreaterThan(200);
  });

  test('finds the same with a rule set that has travelled as a buffer', () => {
    fc.assert(
      fc.property(rules, event, (list, one) => {
        const ruleSet = compileRules(list, (logsource) => resolveLogSource(logsource));
        expect(matcherHits(deserializeRuleSet(serializeRuleSet(ruleSet)), one)).toEqual(matcherHits(ruleSet, one));
      }),
      { numRuns: 200 },
    );
  });
});
