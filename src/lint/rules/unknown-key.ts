import { ruleText } from '../examples.ts';
import { RULE_KEYS, SIGMAHQ_KEYS } from '../facts/rule-keys.ts';
import type { LintRule } from '../lint-rule.ts';

const KEYS = new Set([...RULE_KEYS, ...SIGMAHQ_KEYS]);

export const lintRule: LintRule = {
  id: 'unknown-key',
  severity: 'info',
  summary: 'The rule has a top-level key of its own.',
  why: 'The specification allows it, SigmaHQ does not.',
  aliases: ['sigmahq_unknown_field', 'SigmahqUnknownFieldValidator'],
  convention: 'sigmahq',
  avoid: ruleText('ticket: SOC-1234'),
  prefer: ruleText(),
  check(document, report) {
    if (document.root.kind !== 'map') return;
    for (const { key } of document.root.entries) {
      if (!KEYS.has(key.text)) report({ at: key, message: `"${key.text}" is no key that SigmaHQ uses.` });
    }
  },
};
