import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { TextFilters } from '../../src/engine/match/plans/text-filters.ts';
import { format } from '../../src/logs/json/format.ts';
import { PREDICATE } from '../../src/model/match-plan.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { foldCase } from '../../src/model/values/case.ts';
import { compiled, matcherHits, ruleText } from '../engine/match/rules.ts';
import { tries } from '../support/random.ts';
import { mayHold, thread } from './support.ts';

const keywordRules = (keywords: readonly string[]): string => ruleText(`k: ${JSON.stringify(keywords)}\ncondition: k`);

/** The filter of a rule set whose only predicates are keywords. */
function filterOf({ plan }: RuleSet) {
  const keywords = Array.from({ length: plan.fieldStart[1]! }, (_, predicate) => predicate);
  return new TextFilters(plan).filterFor(keywords);
}

const word = fc
  .array(fc.constantFrom('k', 'i', 'w', 'K', 'I', ':', 'm', 's', '\\', 'é'), { minLength: 4, maxLength: 13 })
  .map((parts) => parts.join(''));
const words = fc.array(word, { minLength: 1, maxLength: 4 });
const text = fc
  .array(fc.constantFrom('k', 'i', 'w', 'K', 'I', 'W', ':', 'm', 'S', '\\', 'É', '\u212a', '0', ' ', '😀'), { maxLength: 20 })
  .map((parts) => parts.join(''));

describe('the text filter', () => {
  test('lets every value through that holds a keyword, wherever in it and in any case', () => {
    fc.assert(
      fc.property(words, text, text, fc.boolean(), fc.boolean(), (keywords, before, after, upper, odd) => {
        const filter = filterOf(compiled(keywordRules(keywords)));
        const keyword = keywords[0]!.replaceAll('\\', '');
        const value = `${before}${upper ? keyword.toUpperCase() : keyword}${after}`;
        const holds = keywords.some((one) => foldCase(value).includes(foldCase(one)));
        if (!holds || filter === null) return;
        expect(mayHold(Buffer.from(value, 'utf16le'), odd ? 1 : 0, filter)).toBe(true);
      }),
      { numRuns: tries(150) },
    );
  });

  test('keeps ordinary values away from the decoder', () => {
    const filter = filterOf(compiled(keywordRules(['sekurlsa::', 'mimidrv.sys', 'gentilkiwi.com'])))!;
    expect(filter.words).toBe(true);
    for (const value of [
      'C:\\Windows\\System32\\svchost.exe',
      'NT AUTHORITY\\SYSTEM',
      'Security',
      '2019-05-11 17:58:23.418',
      '',
    ]) {
      expect(mayHold(Buffer.from(value, 'utf16le'), 1, filter)).toBe(false);
    }
  });

  test('there is none where a keyword is short, no literal, or beyond Latin-1; digits are sought in numbers too', () => {
    expect(filterOf(compiled(keywordRules(['abc', 'long enough'])))).toBe(null);
    expect(filterOf(compiled(ruleText("k: {'|re': 'a+b'}\ncondition: k")))).toBe(null);
    expect(filterOf(compiled(keywordRules(['кибер'])))).toBe(null);
    expect(filterOf(compiled(keywordRules(['4688', 'words'])))).toMatchObject({ words: false });
    const numbers = compiled(keywordRules(['a*b']));
    expect(numbers.plan.kind[0]).toBe(PREDICATE.guarded);
  });

  test('JSON events that readers look at undecoded match like events that are held as text', () => {
    const value = fc.oneof(
      text,
      words.map((list) => `x ${list.join(' y')}`),
    );
    fc.assert(
      fc.property(words, fc.array(value, { minLength: 1, maxLength: 4 }), (keywords, values) => {
        const ruleSet = compiled(keywordRules(keywords));
        const matcher = createMatcher(ruleSet, undefined, thread.accelerator);
        const found: boolean[] = [];
        const sink = {
          event: (event: Parameters<typeof matcherHits>[1]) => found.push(matcherHits(ruleSet, event, matcher).length > 0),
          diagnostic: () => {},
        };
        const decoder = format.decoder('test.json', sink, { recover: false, verify: false }, thread);
        const lines = values.map((one) => JSON.stringify({ Channel: 'System', EventID: 1, EventData: { A: one } }));
        decoder.push(Buffer.from(`${lines.join('\n')}\n`));
        decoder.end();
        const wanted = values.map((one) => keywords.some((keyword) => matches(one, keyword)));
        expect(found).toEqual(wanted);
      }),
      { numRuns: tries(100) },
    );
  });
});

/** Sigma text: a backslash before another is one, a last one is itself. */
function matches(value: string, keyword: string): boolean {
  return foldCase(value).includes(foldCase(keyword.replaceAll('\\\\', '\\')));
}
