/** Placeholders and escapes: what stands before a percent sign decides whether it begins a placeholder. */
import { describe, expect, it } from 'vitest';
import { eventView, interpretCondition } from '../../../src/engine/match/interpret.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';

const values = new Map([['browser', ['chrome.exe', '*\\firefox.exe']]]);

/** Whether `Image|MODIFIERS: VALUE` holds; null when the rule is refused. */
function holds(modifiers: string, value: string, image: string, given = values): boolean | null {
  const text = `title: t\nlogsource: {product: windows}\ndetection:\n    s:\n        Image|${modifiers}: '${value}'\n    condition: s\n`;
  const rule = parseRules(text, '', { values: given }).rules[0];
  if (rule?.kind !== 'detection') return null;
  return interpretCondition(rule.condition, rule.selections, eventView(plainEvent({ Image: image }), null));
}

describe('expand', () => {
  it.each([
    // Two backslashes are one, and the placeholder stands.
    ['expand|endswith', '\\\\%browser%', 'C:\\x\\chrome.exe', true],
    ['expand|endswith', '\\\\%browser%', 'C:\\x\\notchrome.exe', false],
    ['endswith|expand', '\\\\%browser%', 'C:\\x\\chrome.exe', true],
    ['contains|expand', 'x\\\\%browser%', 'C:\\x\\chrome.exe -a', true],
    ['expand', '*\\\\%browser%', 'C:\\x\\chrome.exe', true],
    ['expand', 'C:\\x\\\\%browser%', 'C:\\x\\chrome.exe', true],
    // One makes a percent sign of what follows.
    ['expand|endswith', '\\%browser%', 'a%browser%', true],
    ['expand|endswith', '\\%browser%', 'C:\\x\\chrome.exe', false],
    ['expand|endswith', '\\\\\\%browser%', 'a\\%browser%', true],
    ['expand', '\\*%browser%', '*chrome.exe', true],
    ['expand', '\\*%browser%', 'xchrome.exe', false],
    ['expand|contains', '%browser%-%browser%', 'a chrome.exe-x\\firefox.exe b', true],
    // A regular expression has escapes of its own.
    ['re|expand', '\\\\%browser%$', 'C:\\x\\chrome.exe', true],
    ['re|expand', '^\\%browser%$', '%browser%', true],
  ])('%s: %s on %s', (modifiers, value, image, expected) => {
    // `*\firefox.exe` is no regular expression.
    const given = modifiers.startsWith('re') ? new Map([['browser', ['chrome\\.exe']]]) : values;
    expect(holds(modifiers, value, image, given)).toBe(expected);
  });

  it.each(['\\\\%browser%', 'a%browser%', '\\\\\\\\%browser%'])('refuses %s without values', (value) => {
    expect(holds('expand|endswith', value, 'a', new Map())).toBeNull();
  });
});
