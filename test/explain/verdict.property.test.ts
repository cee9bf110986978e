/** What `explain` says is what the engine does: over random rules and events, and over every regression log. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { holdsWith, smallestMiss } from '../../src/explain/miss.ts';
import { type RuleVerdict, ruleVerdict } from '../../src/explain/verdict.ts';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import type { EventRecord } from '../../src/model/event.ts';
import type { DetectionRule } from '../../src/model/rule.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { loadRules } from '../../src/sigma/rule/load.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { tries } from '../support/random.ts';
import { describeShared, shared } from '../support/shared.ts';

const FIELDS = ['Image', 'CommandLine', 'ParentImage', 'User', 'IntegrityLevel', 'OriginalFileName'];
const WORDS = ['a', 'A', 'ab', 'b\\', '', 'High', 'x*', '?b', '7', '-', 'é'];
const MODIFIERS = ['', '|contains', '|startswith', '|endswith', '|contains|all', '|cased', '|re', '|neq', '|exists'];

const item = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.constantFrom(...MODIFIERS),
    fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
  )
  .map(([field, modifier, words]) => {
    if (modifier === '|exists') return `${field}|exists: ${words.length > 1}`;
    if (modifier === '|re') return `${field}|re: ${JSON.stringify(words[0]!.replace(/[*?\\]/g, '.'))}`;
    return `${field}${modifier}: [${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  });
const keyword = fc.constantFrom(...WORDS.filter((word) => word !== '')).map((word) => `- ${JSON.stringify(word)}`);
const selection = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(item, { minLength: 1, maxLength: 3 })
      .map((items) => [...new Map(items.map((one) => [one.split(':')[0], one])).values()]),
  },
  { weight: 1, arbitrary: fc.array(keyword, { minLength: 1, maxLength: 2 }) },
);
const condition = fc.constantFrom(
  'sel_a',
  'sel_a and not sel_b',
  '1 of sel_*',
  'all of sel_*',
  'not sel_a or sel_b',
  'sel_c and not 1 of sel_*',
  '(sel_a or sel_b) and not sel_c',
  'not all of them',
);
const rule = fc.tuple(selection, selection, selection, condition).map(([a, b, c, text]) => {
  const block = (name: string, lines: readonly string[]) => `  ${name}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
  return `title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n${block('sel_a', a)}\n${block('sel_b', b)}\n${block('sel_c', c)}\n  condition: ${text}\n`;
});

const value = fc.oneof(fc.constantFrom(...WORDS), fc.constant(null), fc.array(fc.constantFrom(...WORDS), { maxLength: 2 }));
const data = fc.dictionary(fc.constantFrom(...FIELDS, 'NewProcessName', 'MandatoryLabel', 'SubjectUserName'), value, {
  maxKeys: 6,
});
const system = fc.constantFrom(
  { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 },
  { Channel: 'Security', EventID: 4688 },
  { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 3 },
  { Channel: 'System', EventID: 1 },
  { Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 1 },
);

function engineSays(definition: DetectionRule, event: EventRecord): { holds: boolean; sources: ReturnType<typeof sourcesOf> } {
  const ruleSet = compileRules([definition], (logsource) => resolveLogSource(logsource));
  let holds = false;
  createMatcher(ruleSet).match(event, () => {
    holds = true;
  });
  return { holds, sources: sourcesOf(definition) };
}

function sourcesOf(definition: DetectionRule) {
  const resolution = resolveLogSource(definition.logsource);
  return resolution.kind === 'sources' ? resolution.sources : [];
}

let contradictions = 0;

/** With the other outcome of the tests that a miss names, the rule would hold; with any of them left as it is, it would not. */
function expectSufficient(verdict: RuleVerdict): void {
  const { misses, source } = smallestMiss(verdict);
  expect(misses.length).toBeGreaterThan(0);
  if (misses[0]!.kind === 'log source') {
    expect(verdict.sources.some((one) => one.gate.passes)).toBe(false);
    return;
  }
  const items = misses.map((one) => one.item!);
  // A condition that contradicts itself never holds, whatever its tests say.
  if (!holdsWith(source!.condition, new Set(items))) return void contradictions++;
  for (const kept of items) expect(holdsWith(source!.condition, new Set(items.filter((one) => one !== kept)))).toBe(false);
}

describe("explain's verdict", () => {
  const outcomes = new Set<boolean>();

  it("is the engine's verdict for any rule and event, and a miss always has a reason", () => {
    fc.assert(
      fc.property(rule, system, data, (text, head, fields) => {
        const [definition] = parseRules(text, 'r.yml').rules;
        fc.pre(definition?.kind === 'detection');
        const event = plainEvent({ ...head, ...fields });
        const { holds, sources } = engineSays(definition as DetectionRule, event);
        const verdict = ruleVerdict(definition as DetectionRule, event, sources);
        expect(verdict.holds).toBe(holds);
        outcomes.add(holds);
        if (!holds) expectSufficient(verdict);
      }),
      { numRuns: tries(150) },
    );
    expect([...outcomes].sort()).toEqual([false, true]);
    expect(contradictions).toBeLessThan(100);
  });
});

describeShared('over the regression logs of SigmaHQ', () => {
  it('explain agrees with the engine on every record, rule by rule', async () => {
    const checks: { dir: string; rule: string }[] = JSON.parse(
      readFileSync(shared('corpus/expected/regression-check.json'), 'utf8'),
    );
    let records = 0;
    for (const check of checks) {
      const { rules } = loadRules([shared('corpus/sigmahq', check.rule)]);
      const [definition] = rules;
      if (definition?.kind !== 'detection') throw new Error(`no rule in ${check.rule}`);
      const ruleSet = compileRules([definition], (logsource) => resolveLogSource(logsource));
      const matcher = createMatcher(ruleSet);
      const sources = sourcesOf(definition);
      const differing: number[] = [];
      await readLogs([shared('corpus/regression', check.dir)], (event, file) => {
        if (!file.endsWith('.evtx')) return undefined;
        records++;
        let holds = false;
        matcher.match(event, () => {
          holds = true;
        });
        if (ruleVerdict(definition, event, sources).holds !== holds) differing.push(event.index);
        return undefined;
      });
      expect({ rule: check.rule, differing }).toEqual({ rule: check.rule, differing: [] });
    }
    expect(records).toBeGreaterThan(200);
  });
});
