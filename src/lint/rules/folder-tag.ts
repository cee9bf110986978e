import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const FOLDERS = ['dfir', 'emerging-threats', 'threat-hunting'];

export const lintRule: LintRule = {
  id: 'folder-tag',
  severity: 'info',
  summary: 'The tag of namespace "detection" does not fit the folder, or there are two.',
  why: 'SigmaHQ keeps rules for threat hunting and emerging threats in folders of their own and tags them alike; users select by the tag.',
  aliases: [
    'sigmahq_tags_detection',
    'SigmahqTagsDetectionValidator',
    'sigmahq_tags_unique_detection',
    'SigmahqTagsUniqueDetectionValidator',
  ],
  convention: 'sigmahq',
  avoid: { 'rules-threat-hunting/proc_creation_win_whoami.yml': ruleText() },
  prefer: {
    'rules-threat-hunting/proc_creation_win_whoami.yml': ruleText(
      'tags:\n    - attack.discovery\n    - attack.t1033\n    - detection.threat-hunting',
    ),
  },
  check(document, report) {
    const tags = document.scalars('tags').filter((tag) => tag.text.startsWith('detection.'));
    if (tags.length > 1) report({ at: tags[1]!, message: 'there are two tags of the namespace "detection".' });
    const folder = FOLDERS.find((name) => document.file.path.includes(`rules-${name}`));
    if (folder !== undefined && !tags.some((tag) => tag.text === `detection.${folder}`)) {
      const at = document.entry('tags')?.key ?? document.root;
      report({ at, message: `a rule in "rules-${folder}" has the tag detection.${folder}.`, hint: 'Add it.' });
    }
  },
};
