import { nearest } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import { correction, renameKey } from '../facts/edits.ts';
import { RULE_KEYS, SIGMAHQ_KEYS } from '../facts/rule-keys.ts';
import type { LintRule } from '../lint-rule.ts';

/** Renaming a key to one of these does not change what a rule matches or how it is selected. */
const DESCRIPTIVE = new Set([
  'related',
  'references',
  'falsepositives',
  'description',
  'author',
  'modified',
  'date',
  'fields',
  'license',
  'scope',
]);
/** Further keys that tools and SigmaHQ use. */
const KNOWN = new Set([...RULE_KEYS, ...SIGMAHQ_KEYS, 'custom', 'enrichment', 'new_fields']);
const KNOWN_TYPOS = new Set(['realted', 'relatde', 'relted', 'rlated', 'reference']);

export const lintRule: LintRule = {
  id: 'key-typo',
  severity: 'warning',
  summary: 'A top-level key looks like a misspelt key of the specification.',
  why: 'Rules may have keys of their own, so a misspelt one is accepted everywhere and silently means nothing.',
  aliases: ['custom_attributes', 'CustomAttributesValidator'],
  avoid: ruleText('-falsepositives', 'falsepositive:\n    - Administrators who check a session'),
  prefer: ruleText('falsepositives:\n    - Administrators who check a session'),
  check(document, report) {
    if (document.root.kind !== 'map') return;
    for (const entry of document.root.entries) {
      const key = entry.key.text;
      if (KNOWN.has(key)) continue;
      const meant = meaningOf(key);
      if (meant === undefined || document.entry(meant) !== undefined) continue;
      report({
        at: entry.key,
        message: `"${key}" is no key of the specification.`,
        hint: `Did you mean "${meant}"?`,
        fix: correction(`rename it to "${meant}"`, DESCRIPTIVE.has(meant) ? renameKey(entry, meant) : null),
      });
    }
  },
};

/** What unknown keys probably mean. This is remembered, because the rules of a set share the keys of their own. */
const meanings = new Map<string, string | undefined>();
const MAX_MEANINGS = 1000;

function meaningOf(key: string): string | undefined {
  if (meanings.has(key)) return meanings.get(key);
  const near = nearest(key, RULE_KEYS);
  const meant = near !== undefined && (KNOWN_TYPOS.has(key) || isSlip(key, near)) ? near : undefined;
  if (meanings.size < MAX_MEANINGS) meanings.set(key, meant);
  return meant;
}

/** True when a key is so similar to the known one that it is a typing error. */
function isSlip(key: string, known: string): boolean {
  return Math.abs(known.length - key.length) <= 2 && known[0] === key[0] && key.length > 3;
}
