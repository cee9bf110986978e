import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmlessJson } from '../../../src/bytes/json-text.ts';
import { JsonWriter } from '../../../src/bytes/json-writer.ts';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import { deserializeRuleSet, serializeRuleSet } from '../../../src/engine/rule-cache/serialize.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { tries } from '../../support/random.ts';
import { FIELDS, field, rules, value } from './random-rules.ts';
import { interpreterHits, matcherHits, usedDetections } from './rules.ts';

const fieldValue = fc.oneof(
  { weight: 8, arbitrary: value },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(fc.oneof(value, fc.constant(null)), { maxLength: 3 }) },
);

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
      { numRuns: tries(150) },
    );
    // Rules and events that never meet would prove nothing.
    expect(hits).toBeGreaterThan(120);
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
      { numRuns: tries(65) },
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
      { numRuns: tries(65) },
    );
    // Random rules and events: about four hundred.
    expect(remembered).toBeGreaterThan(18);
  });

  test('finds the same with a rule set that has travelled as a buffer', () => {
    fc.assert(
      fc.property(rules, event, (list, one) => {
        const ruleSet = compileRules(list, (logsource) => resolveLogSource(logsource));
        expect(matcherHits(deserializeRuleSet(serializeRuleSet(ruleSet)), one)).toEqual(matcherHits(ruleSet, one));
      }),
      { numRuns: tries(65) },
    );
  });
});
