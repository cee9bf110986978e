import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import { format } from '../../../src/logs/json/format.ts';
import { PlainEvent } from '../../../src/logs/kept-event.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { makeShape } from '../../../src/logs/shape.ts';
import type { EventRecord } from '../../../src/model/event.ts';
import type { MatchedField } from '../../../src/model/match.ts';
import { sourceOf } from '../../../src/model/ruleset.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { RegexLimitError } from '../../../src/sigma/regex/lazy-dfa.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { thread } from '../../../src/thread.ts';
import { compiled, matcherHits, ruleText } from './rules.ts';

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 };

function matches(rule: string, event: EventRecord): boolean {
  return matcherHits(compiled(rule), event).length > 0;
}

function evidence(rule: string, event: EventRecord): readonly MatchedField[] {
  const ruleSet = compiled(rule);
  const matcher = createMatcher(ruleSet);
  const [hit] = matcherHits(ruleSet, event, matcher);
  return hit === undefined ? [] : matcher.evidence(event, hit.rule, hit.source);
}

describe('which rules an event is held against', () => {
  test('process creations are Sysmon 1 and Security 4688, read under the same names', () => {
    const ruleSet = compiled(
      ruleText("a: {Image|endswith: '\\x.exe'}\ncondition: a", 'category: process_creation, product: windows'),
    );
    const via = (event: EventRecord) =>
      matcherHits(ruleSet, event).map(({ rule, source }) => sourceOf(ruleSet, rule, source).via);
    expect(via(plainEvent({ ...SYSMON, Image: 'C:\\X.exe' }))).toEqual(['sysmon']);
    expect(via(plainEvent({ Channel: 'Security', EventID: 4688, NewProcessName: 'C:\\x.exe' }))).toEqual(['security_4688']);
    expect(via(plainEvent({ Channel: 'Security', EventID: 4689, NewProcessName: 'C:\\x.exe' }))).toEqual([]);
    expect(via(plainEvent({ ...SYSMON, NewProcessName: 'C:\\x.exe' }))).toEqual([]);
  });

  test('rules that nobody wants are not evaluated', () => {
    const ruleSet = compiled(`${ruleText('a: {A: 1}\ncondition: a')}---\n${ruleText('a: {A: 1}\ncondition: a')}`);
    const event = plainEvent({ Channel: 'System', A: '1' });
    expect(matcherHits(ruleSet, event).map(({ rule }) => rule)).toEqual([0, 1]);
    const matcher = createMatcher(ruleSet, (rule) => rule === 1);
    expect(matcherHits(ruleSet, event, matcher).map(({ rule }) => rule)).toEqual([1]);
    expect(matcher.counts.evaluated).toBe(1);
  });

  test('an event without Channel is known by its provider', () => {
    const rule = ruleText('a: {EventID: 4624}\ncondition: a', 'product: windows, service: security');
    expect(matches(rule, plainEvent({ Provider_Name: 'Microsoft-Windows-Security-Auditing', EventID: 4624 }))).toBe(true);
    expect(matches(rule, plainEvent({ Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 4624 }))).toBe(false);
    // The same layout and EventID again: the provider is part of what decides.
    expect(matches(rule, plainEvent({ Provider_Name: 'Microsoft-Windows-Security-Auditing', EventID: 4624 }))).toBe(true);
  });

  test('one matcher tells events of one layout apart by channel, EventID and provider', () => {
    const ruleSet = compiled(ruleText('a: {EventID: 4624}\ncondition: a', 'product: windows, service: security'));
    const matcher = createMatcher(ruleSet);
    const event = (Channel: string, Provider_Name: string, EventID: number) => plainEvent({ Channel, Provider_Name, EventID });
    const hits = [
      event('Security', 'a', 4624),
      event('System', 'a', 4624),
      event('Security', 'a', 4625),
      event('', 'Microsoft-Windows-Security-Auditing', 4624),
      event('', 'a', 4624),
      event('security', 'a', 4624),
      event('Security', 'a', 4624),
    ].map((one) => matcherHits(ruleSet, one, matcher).length);
    expect(hits).toEqual([1, 0, 0, 1, 0, 1, 1]);
  });

  test('rules with EventID conditions find events whose EventID is repeated, or hidden by a data field of that name', () => {
    const rule = ruleText('a: {EventID: 7}\ncondition: a', 'product: windows, service: system');
    const hidden = makeShape([
      { name: 'Channel', section: 'system', slot: 0 },
      { name: 'EventID', section: 'system', slot: 1 },
      { name: 'EventID', section: 'data', slot: 2 },
    ]);
    expect(matches(rule, new PlainEvent(hidden, ['System', '1', '7']))).toBe(true);
    expect(matches(rule, new PlainEvent(hidden, ['System', '7', '1']))).toBe(false);
    expect(matches(rule, plainEvent({ Channel: 'System', EventID: [1, 7] }))).toBe(true);
    expect(matches(rule, plainEvent({ Channel: 'System', EventID: '7' }))).toBe(true);
    expect(matches(rule, plainEvent({ Channel: 'System', EventID: 1 }))).toBe(false);
  });

  test('the same holds for a repeated EventID in a JSON log', () => {
    const ruleSet = compiled(ruleText('a: {EventID: 7}\ncondition: a', 'product: windows, service: system'));
    const found: number[] = [];
    const sink = {
      event: (event: EventRecord) => found.push(matcherHits(ruleSet, event).length),
      diagnostic: () => {},
    };
    const decoder = format.decoder('test.json', sink, { recover: false, verify: false }, thread);
    decoder.push(Buffer.from([[1, 7], 7, '7', 1].map((EventID) => JSON.stringify({ Channel: 'System', EventID })).join('\n')));
    decoder.end();
    expect(found).toEqual([1, 1, 1, 0]);
  });

  test('covers: only channels that some rule looks at', () => {
    const matcher = createMatcher(compiled(ruleText('a: {A: 1}\ncondition: a', 'product: windows, service: system')));
    expect([matcher.covers('SYSTEM'), matcher.covers('Security'), matcher.covers('')]).toEqual([true, false, false]);
  });

  test('matches are reported in rule order, each rule once', () => {
    const text = [1, 2, 3]
      .map(() => ruleText("a: {Image|endswith: 'x.exe'}\ncondition: a", 'category: process_creation, product: windows'))
      .concat(ruleText("a: {NewProcessName|contains: 'x'}\ncondition: a", 'product: windows, service: security'))
      .concat(ruleText('keywords: [x.exe]\ncondition: keywords'))
      .join('---\n');
    const hits = matcherHits(compiled(text), plainEvent({ Channel: 'Security', EventID: 4688, NewProcessName: 'C:\\x.exe' }));
    expect(hits.map(({ rule }) => rule)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a log with ever new layouts costs nothing but time: what is forgotten is found again', () => {
    const ruleSet = compiled(ruleText('a: {A|contains: needle}\nb: {B: 1}\ncondition: a and not b'));
    const matcher = createMatcher(ruleSet);
    const known = plainEvent({ Channel: 'System', A: 'a needle' });
    let hits = 0;
    for (let i = 0; i < 10_000; i++) {
      const event = plainEvent({ Channel: 'System', [`X${i}`]: 'x', A: i % 2 === 0 ? 'a needle' : 'a nettle' });
      hits += matcherHits(ruleSet, event, matcher).length + matcherHits(ruleSet, known, matcher).length;
    }
    expect(hits).toBe(15_000);
  });

  test('a list of very many values is compiled and searched like any other', () => {
    const values = Array.from({ length: 45_000 }, (_, i) => `v${i}`);
    const rule = { title: 't', logsource: { product: 'windows' }, detection: { a: { 'A|contains': values }, condition: 'a' } };
    const { rules } = parseRules(JSON.stringify(rule));
    const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
    const found = matcherHits(ruleSet, plainEvent({ A: 'xv44999x' }));
    expect(found.length).toBe(1);
  });

  test('a matcher may be asked again while it reports', () => {
    const text = [ruleText('a: {A: 1}\ncondition: a'), ruleText('a: {A: [1, 2]}\ncondition: a')].join('---\n');
    const ruleSet = compiled(text);
    const matcher = createMatcher(ruleSet);
    const seen: string[] = [];
    matcher.match(plainEvent({ A: '1' }), (rule) => {
      const inner = matcherHits(ruleSet, plainEvent({ A: '2' }), matcher).map((hit) => hit.rule);
      seen.push(`${rule}: ${inner}`);
    });
    expect(seen).toEqual(['0: 1', '1: 1']);
  });
});

describe('evidence', () => {
  test('names field, value, modifiers and the rule value as written', () => {
    const rule = ruleText("a: {CommandLine|contains|all: [' -Enc ', 'Bypass']}\nb: {Image: x}\ncondition: a and not b");
    expect(evidence(rule, plainEvent({ CommandLine: 'powershell -enc AA bypass' }))).toEqual([
      { name: 'CommandLine', value: 'powershell -enc AA bypass', modifier: 'contains|all', pattern: ' -Enc ' },
      { name: 'CommandLine', value: 'powershell -enc AA bypass', modifier: 'contains|all', pattern: 'Bypass' },
    ]);
  });

  test('shows the alternatives that hold and leaves out those that do not', () => {
    const rule = ruleText('a: {A: [x, y, z]}\nb: {B: 1}\ncondition: a or b');
    expect(evidence(rule, plainEvent({ A: ['z', 'q', 'X'], B: '2' }))).toEqual([
      { name: 'A', value: 'X', modifier: '', pattern: 'x' },
      { name: 'A', value: 'z', modifier: '', pattern: 'z' },
    ]);
  });

  test('names the event field where the log source renames it', () => {
    const rule = ruleText("a: {Image|endswith: '\\x.exe'}\ncondition: a", 'category: process_creation, product: windows');
    expect(evidence(rule, plainEvent({ Channel: 'Security', EventID: 4688, NewProcessName: 'C:\\x.exe' }))).toEqual([
      { name: 'Image', eventField: 'NewProcessName', value: 'C:\\x.exe', modifier: 'endswith', pattern: '\\x.exe' },
    ]);
  });

  test('says in which field a keyword was found', () => {
    const rule = ruleText('keywords: [mimikatz]\ncondition: keywords');
    expect(evidence(rule, plainEvent({ Channel: 'System', Data: ['a', 'run Mimikatz now'] }))).toEqual([
      { name: 'keyword', eventField: 'Data', value: 'run Mimikatz now', modifier: '', pattern: 'mimikatz' },
    ]);
  });

  test('an absent field that had to be absent has the value null', () => {
    expect(evidence(ruleText('a: {A: null}\ncondition: a'), plainEvent({ B: '1' }))).toEqual([
      { name: 'A', value: null, modifier: '', pattern: 'null' },
    ]);
  });

  test('shows regular expressions, networks and comparisons as written', () => {
    const rule = ruleText("a: {A|re: '^x+$', B|cidr: 10.0.0.0/8, C|gte: 5}\ncondition: a");
    expect(evidence(rule, plainEvent({ A: 'xx', B: '10.1.1.1', C: '7' }))).toEqual([
      { name: 'A', value: 'xx', modifier: 're', pattern: '^x+$' },
      { name: 'B', value: '10.1.1.1', modifier: 'cidr', pattern: '10.0.0.0/8' },
      { name: 'C', value: '7', modifier: 'gte', pattern: '5' },
    ]);
  });
});

describe('a regular expression that takes too long for a value', () => {
  /** Needs more rows than there are, and visits more states than are allowed, for a text of so many random characters. */
  const SLOW = '(?:a|b)*a(?:a|b){999}c';
  const random = (length: number): string => {
    let seed = 7;
    let text = '';
    while (text.length < length) {
      seed = (seed * 1_103_515 + 12_345) % 0x80000000;
      text += (seed & 0x10000) === 0 ? 'a' : 'b';
    }
    return text;
  };
  const hard = plainEvent({ ...SYSMON, Image: random(90_000), User: 'bob', CommandLine: random(90_000) });
  const condition = (text: string) =>
    ruleText(`slow: {Image|re: '${SLOW}'}\nbob: {User: bob}\nann: {User: ann}\ncondition: ${text}`);
  const judged = (matcher: ReturnType<typeof createMatcher>, event: EventRecord) => {
    const told: string[] = [];
    matcher.match(
      event,
      (rule) => told.push(`holds ${rule}`),
      (rule) => told.push(`not decided ${rule}`),
    );
    return told;
  };

  test('leaves undecided the rules for which it matters, and no others, each time', () => {
    const conditions = [
      'slow',
      'not slow',
      'slow and bob',
      'slow or bob',
      'slow and ann',
      'bob and not slow',
      'bob',
      'not (slow or bob)',
    ];
    const ruleSet = compiled(conditions.map(condition).join('---\n'));

    const matcher = createMatcher(ruleSet);
    const expected = [3, 6].map((rule) => `holds ${rule}`).concat([0, 1, 2, 5].map((rule) => `not decided ${rule}`));
    expect(judged(matcher, hard)).toEqual(expected);
    expect(judged(matcher, hard)).toEqual(expected);
    const image = (text: string) => judged(matcher, plainEvent({ ...SYSMON, Image: text, User: 'bob' }));
    expect(image(random(1000))).toEqual([1, 3, 5, 6].map((rule) => `holds ${rule}`));
    expect(image(`${'a'.repeat(1000)}c`)).toEqual([0, 2, 3, 6].map((rule) => `holds ${rule}`));
  }, 60_000);

  test('is thrown where nobody wants to know', () => {
    const matcher = createMatcher(compiled(condition('slow')));
    expect(() => matcher.match(hard, () => {})).toThrow(RegexLimitError);
  }, 60_000);
});
