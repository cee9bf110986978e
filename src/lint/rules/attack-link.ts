import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'attack-link',
  severity: 'info',
  summary: 'A reference links to ATT&CK, where a tag is meant.',
  why: 'Tags are what coverage is counted by.',
  aliases: ['sigmahq_mitre_link', 'SigmahqMitreLinkValidator'],
  convention: 'sigmahq',
  avoid: ruleText('references:\n    - https://attack.mitre.org/techniques/T1033/'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
  check(document, report) {
    for (const link of document.scalars('references')) {
      const found = /^https:\/\/attack\.mitre\.org\/(?:\w+\/)?(T\d{4})?(?:\/(\d{3}))?/.exec(link.text);
      if (found === null) continue;
      const tag =
        found[1] === undefined
          ? 'attack.t1033'
          : `attack.${found[1].toLowerCase()}${found[2] === undefined ? '' : `.${found[2]}`}`;
      report({ at: link, message: 'a link to ATT&CK belongs into the tags.', hint: `Write \`- ${tag}\`.` });
    }
  },
};
