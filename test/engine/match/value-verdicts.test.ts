import { describe, expect, test } from 'vitest';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import type { EventRecord } from '../../../src/model/event.ts';
import { compiled, matcherHits, ruleText } from './rules.ts';

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 };

/** Hits of one matcher for several events, one after the other, and how many rules it evaluated. */
function scan(rule: string, events: readonly EventRecord[]): { hits: readonly boolean[]; evaluated: number } {
  const ruleSet = compiled(rule);
  const matcher = createMatcher(ruleSet);
  const hits = events.map((event) => matcherHits(ruleSet, event, matcher).length > 0);
  return { hits, evaluated: matcher.counts.evaluated };
}

describe('what one value settles', () => {
  test('a value that makes an exception for itself brings up nothing', () => {
    const rule = ruleText(
      "a: {Image|endswith: '\\tool.exe'}\nb: {Image|startswith: 'C:\\Program Files\\'}\ncondition: a and not b",
      'category: process_creation, product: windows',
    );
    const events = ['C:\\Program Files\\tool.exe', 'C:\\Temp\\tool.exe', 'C:\\Program Files\\tool.exe'].map((Image) =>
      plainEvent({ ...SYSMON, Image }),
    );
    expect(scan(rule, events)).toEqual({ hits: [false, true, false], evaluated: 1 });
  });

  test('a value must hold all that is asked of it', () => {
    const rule = ruleText(
      "a: {CommandLine|contains|all: ['alpha', 'beta']}\ncondition: a",
      'category: process_creation, product: windows',
    );
    const events = ['alpha', 'beta', 'beta alpha'].map((CommandLine) => plainEvent({ ...SYSMON, CommandLine }));
    expect(scan(rule, events)).toEqual({ hits: [false, false, true], evaluated: 1 });
  });

  test('what another field decides stays open', () => {
    const rule = ruleText(
      "a: {Image|endswith: '\\tool.exe'}\nb: {ParentImage|endswith: '\\good.exe'}\ncondition: a and not b",
      'category: process_creation, product: windows',
    );
    const events = ['C:\\good.exe', 'C:\\bad.exe'].map((ParentImage) =>
      plainEvent({ ...SYSMON, Image: 'C:\\tool.exe', ParentImage }),
    );
    expect(scan(rule, events)).toEqual({ hits: [false, true], evaluated: 2 });
  });

  test('of several values none settles anything for the others', () => {
    const rule = ruleText("a: {Data|contains|all: ['alpha', 'beta']}\ncondition: a", 'product: windows');
    const events = [['alpha', 'beta'], ['alpha'], ['alpha', 'gamma']].map((Data) =>
      plainEvent({ Channel: 'Application', EventID: 1, Data }),
    );
    expect(scan(rule, events).hits).toEqual([true, false, false]);
  });

  test('keywords may stand in different values', () => {
    const rule = ruleText("k: {'|all': ['alpha', 'beta']}\ncondition: k", 'product: windows');
    const events = [
      { A: 'alpha', B: 'beta' },
      { A: 'alpha', B: 'gamma' },
      { A: 'alpha beta', B: '' },
    ].map((data) => plainEvent({ Channel: 'Application', EventID: 1, ...data }));
    expect(scan(rule, events).hits).toEqual([true, false, true]);
  });

  test('rules that only say what must not be: refuted by a value, true where it is absent or several', () => {
    const rule = ruleText(
      "a: {Image|endswith: ['.exe', '.com']}\ncondition: not a",
      'category: process_creation, product: windows',
    );
    const images = ['C:\\a.exe', 'C:\\a.bin', undefined, ['C:\\a.exe', 'C:\\b.bin'], ['C:\\a.bin', 'C:\\b.bin'], 'C:\\a.exe'];
    const events = images.map((Image) => plainEvent(Image === undefined ? { ...SYSMON, User: 'x' } : { ...SYSMON, Image }));
    expect(scan(rule, events)).toEqual({ hits: [false, true, true, false, true, false], evaluated: 4 });
  });

  test('null and empty are not the same', () => {
    const rule = ruleText(
      "a: {Image: null}\nb: {Image: ''}\ncondition: not a and not b",
      'category: process_creation, product: windows',
    );
    const events = [null, '', 'x'].map((Image) => plainEvent({ ...SYSMON, Image }));
    expect(scan(rule, events).hits).toEqual([false, false, true]);
  });
});
