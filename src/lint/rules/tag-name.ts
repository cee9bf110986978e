import { ATTACK_TACTICS } from '../../model/attack-tactics.ts';
import { didYouMean } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import { correction, replaceScalar } from '../facts/edits.ts';
import type { LintRule } from '../lint-rule.ts';

/** Techniques, groups, software, mitigations, data sources and campaigns of ATT&CK by the form of their numbers. */
const ATTACK_ID = /^(?:t\d{4}(?:\.\d{3})?|[gsmc]\d{4}|ds\d{4})$/;

/** What a name looks like in each namespace, and an example. */
const FORMS: Readonly<Record<string, readonly [RegExp, string]>> = {
  car: [/^\d{4}-\d{2}-\d{3}$/, 'car.2016-04-005'],
  cve: [/^\d{4}-\d{4,}$/, 'cve.2021-44228'],
  detection: [/^(?:dfir|emerging-threats|threat-hunting)$/, 'detection.threat-hunting'],
  stp: [/^[1-5][auk]?$/, 'stp.3k'],
  tlp: [/^(?:clear|white|green|amber|amber-strict|red)$/, 'tlp.green'],
};

export const lintRule: LintRule = {
  id: 'tag-name',
  severity: 'warning',
  summary: 'A tag of a known namespace has a name that cannot be right.',
  why: 'Coverage maps and filters look tags up by name; one that no catalogue holds is counted nowhere.',
  aliases: [
    'attacktag',
    'ATTACKTagValidator',
    'InvalidATTACKTagIssue',
    'cartag',
    'CARTagValidator',
    'cvetag',
    'CVETagValidator',
    'detection_tag',
    'DetectionTagValidator',
    'stptag',
    'STPTagValidator',
    'tlptag',
    'TLPTagValidator',
    'TLPv1TagValidator',
    'TLPv2TagValidator',
    'tlpv1_tag',
    'tlpv2_tag',
    'd3_fendtag',
    'D3FENDTagValidator',
  ],
  avoid: ruleText('tags:\n    - attack.discovry\n    - attack.t1033'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
  check(document, report) {
    for (const tag of document.scalars('tags')) {
      const dot = tag.text.indexOf('.');
      const namespace = tag.text.slice(0, dot);
      const name = tag.text.slice(dot + 1);
      // `tag-format` reports tags that are not well-formed.
      if (dot < 0 || tag.text !== tag.text.toLowerCase()) continue;
      if (namespace === 'attack' && !ATTACK_ID.test(name) && !ATTACK_TACTICS.includes(name)) {
        const underscored = name.replaceAll('_', '-');
        // The letter before the number of a technique was forgotten.
        const technique = ATTACK_ID.test(`t${name}`) ? `attack.t${name}` : undefined;
        const meant = ATTACK_TACTICS.includes(underscored) ? `attack.${underscored}` : technique;
        report({
          at: tag,
          message: `"${name}" is neither a tactic nor the number of a technique, group or software of ATT&CK.`,
          hint: meant === undefined ? didYouMean(name, ATTACK_TACTICS) : `Write "${meant}".`,
          fix: correction(`write "${meant}"`, meant === undefined ? null : replaceScalar(tag, meant)),
        });
      }
      const form = Object.hasOwn(FORMS, namespace) ? FORMS[namespace] : undefined;
      if (form !== undefined && !form[0].test(name)) {
        report({ at: tag, message: `"${name}" is not a name of the namespace "${namespace}".`, hint: `For example ${form[1]}.` });
      }
    }
  },
};
