import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EventSource } from '../../../src/model/logsource.ts';
import { canMatchOn, observedFields } from '../../../src/sigma/logsource/observed.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { describeShared, shared } from '../../support/shared.ts';
import { sigmahqRules } from '../../support/sigmahq.ts';

function source4688(): EventSource {
  const resolution = resolveLogSource({ product: 'windows', category: 'process_creation' });
  const found = resolution.kind === 'sources' ? resolution.sources.find(({ via }) => via === 'security_4688') : undefined;
  if (found === undefined) throw new Error('4688 serves process_creation');
  return found;
}

function canMatch(detection: string): boolean {
  const { rules } = parseRules(`title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n${detection}`);
  const rule = rules[0];
  if (rule?.kind !== 'detection') throw new Error('the rule does not load');
  return canMatchOn(rule, source4688());
}

describe('canMatchOn', () => {
  it.each([
    ['    s: {Image: a}\n    condition: s', true],
    ['    s: {OriginalFileName: a}\n    condition: s', false],
    ['    s: {Image: a, OriginalFileName: b}\n    condition: s', false],
    ['    s:\n        - Image: a\n        - OriginalFileName: b\n    condition: s', true],
    ['    s: {OriginalFileName: a}\n    condition: not s', true],
    ['    s: {OriginalFileName: null}\n    condition: s', true],
    ['    s: {OriginalFileName: null}\n    condition: not s', false],
    ['    s: {OriginalFileName|exists: false}\n    condition: s', true],
    ['    s: {OriginalFileName|exists: true}\n    condition: s', false],
    ['    s: {OriginalFileName|neq: a}\n    condition: s', true],
    ['    s: {Image|fieldref: ParentCommandLine}\n    condition: s', false],
    ['    s_a: {OriginalFileName: a}\n    s_b: {Image: b}\n    condition: 1 of s_*', true],
    ['    s_a: {OriginalFileName: a}\n    s_b: {Image: b}\n    condition: all of s_*', false],
    ['    s:\n        - word\n    condition: s', true],
  ])('reads %o as %s', (detection, expected) => {
    expect(canMatch(detection)).toBe(expected);
  });
});

describe('observedFields', () => {
  const names = (logsource: Parameters<typeof observedFields>[0], id: number) => observedFields(logsource).byEventId.get(id);

  it('knows the rule fields of every event that serves a category', () => {
    const { byEventId, complete } = observedFields({ category: 'process_creation' });
    expect([...byEventId.keys()]).toEqual([1, 4688]);
    expect(complete).toBe(true);
    expect(byEventId.get(1)).toContain('OriginalFileName');
    expect(byEventId.get(4688)).toContain('Image');
    expect(byEventId.get(4688)).toContain('NewProcessName');
    expect(byEventId.get(4688)).not.toContain('OriginalFileName');
    expect(byEventId.get(1)).toContain('Provider_Name');
  });

  it('knows Sysmon in full, other channels in part, unknown sources not at all', () => {
    expect(observedFields({ service: 'sysmon' }).complete).toBe(true);
    expect(names({ service: 'sysmon' }, 21)).toContain('Consumer');
    expect(observedFields({ service: 'security' }).complete).toBe(false);
    expect(names({ service: 'security' }, 4688)).toContain('NewProcessName');
    expect(observedFields({ service: 'application' })).toEqual({ byEventId: new Map(), complete: false });
    expect(observedFields({ product: 'linux' })).toEqual({ byEventId: new Map(), complete: false });
  });
});

describeShared('SigmaHQ process_creation rules', () => {
  it('that can never match a 4688 are the known ones', () => {
    const root = shared('corpus', 'sigmahq');
    const expected = readFileSync(shared('sigma', 'never-on-4688.txt'), 'utf8').trim().split('\n').sort();
    const source = source4688();
    const never: string[] = [];
    for (const rule of sigmahqRules().rules) {
      if (rule.kind !== 'detection' || rule.logsource.category !== 'process_creation' || rule.logsource.product !== 'windows')
        continue;
      if (!canMatchOn(rule, source)) never.push(rule.head.path.slice(root.length + 1));
    }
    expect(never.sort()).toEqual(expected);
  });
});
