import { ruleText } from '../examples.ts';
import { correction, replaceScalar } from '../facts/edits.ts';
import type { LintRule } from '../lint-rule.ts';

const BANNED = new Set(['none', 'pentest', 'penetration']);
const TYPOS: Readonly<Record<string, string>> = {
  unkown: 'unknown',
  ligitimate: 'legitimate',
  legitim: 'legitimate',
  legitimeate: 'legitimate',
};

export const lintRule: LintRule = {
  id: 'false-positive-entry',
  severity: 'info',
  summary: 'An entry of "falsepositives" is not written as SigmaHQ writes them.',
  why: 'Entries begin with a capital letter. "None" is never true, and a penetration test is what the rule is for.',
  aliases: [
    'sigmahq_falsepositives_capital',
    'SigmahqFalsepositivesCapitalValidator',
    'sigmahq_falsepositives_banned_word',
    'SigmahqFalsepositivesBannedWordValidator',
    'sigmahq_falsepositives_typo_word',
    'SigmahqFalsepositivesTypoWordValidator',
  ],
  convention: 'sigmahq',
  avoid: ruleText('falsepositives:\n    - unkown'),
  prefer: ruleText('falsepositives:\n    - Unknown'),
  check(document, report) {
    for (const entry of document.scalars('falsepositives')) {
      const words = entry.text.split(' ');
      const banned = words.find((word) => BANNED.has(word.toLowerCase()));
      if (banned !== undefined)
        report({ at: entry, message: `"${banned}" is no false positive.`, hint: 'Say what is legitimate, or "Unknown".' });
      const corrected = words.map((word) => TYPOS[word.toLowerCase()] ?? word).join(' ');
      const written = corrected.charAt(0).toUpperCase() + corrected.slice(1);
      if (written === entry.text) continue;
      report({
        at: entry,
        message: `"${entry.text}" should read "${written}".`,
        fix: correction(`write "${written}"`, replaceScalar(entry, written)),
      });
    }
  },
};
