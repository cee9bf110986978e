/** A Sigma filter that would leave an event out. In: the rule and what matched. Out: YAML to save beside the rules; null for a rule that a filter cannot name. */
import type { PageHit, PageRule } from '../../page-data.ts';

export function silencingFilter(rule: PageRule, { fields }: PageHit, host: string): string | null {
  const named = rule.id ?? rule.name;
  if (named === null) return null;
  const values = new Map<string, string>();
  // `Image (NewProcessName)`: a filter is written with the rule's names. A keyword has no field.
  for (const { name, value } of fields) if (name !== 'keyword') values.set(name.replace(/ \(.*\)$/, ''), value);
  const items = [...(host === '' ? [] : [['Computer', host] as const]), ...values];
  const lines = items.map(([name, value]) => `    ${quoted(name)}: ${quoted(escaped(value))}`);
  return [
    `title: ${quoted(`Known: ${rule.title}`)}`,
    'logsource:',
    '  product: windows',
    'filter:',
    `  rules: [${quoted(named)}]`,
    '  selection:',
    ...lines,
    '  condition: not selection',
    '',
  ].join('\n');
}

/** What Sigma would take for a wildcard, or for its escape. */
function escaped(value: string): string {
  return value.replaceAll(/\\(?=[\\*?])|[*?]/g, '\\$&');
}

/** JSON strings are YAML strings. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
