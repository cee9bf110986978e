/**
 * Makes a Sigma filter that leaves an event out. In: the rule and what it matched. Out: YAML to save next to the rules; null
 * for a rule that a filter cannot refer to.
 */
import type { PageField, PageRule } from '../../page-data.ts';

export function silencingFilter(rule: PageRule, fields: readonly PageField[], host: string): string | null {
  const named = rule.id ?? rule.name;
  if (named === null) return null;
  const values = new Map<string, string>();
  // In `Image (NewProcessName)` the first name is the one in the rule, which a filter must use. Keywords have no field, so they
  // are left out.
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

/** Escapes what Sigma would read as a wildcard, or as the escape of one. */
function escaped(value: string): string {
  return value.replaceAll(/\\(?=[\\*?])|[*?]/g, '\\$&');
}

/** Every JSON string is also a YAML string. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
