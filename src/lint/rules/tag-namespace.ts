import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

/** Tags appendix of the specification. */
const NAMESPACES = new Set(['attack', 'car', 'cve', 'd3fend', 'detection', 'stp', 'tlp']);

export const lintRule: LintRule = {
  id: 'tag-namespace',
  severity: 'info',
  summary: 'A tag is of a namespace that the specification does not name.',
  why: 'Tags of your own are allowed, but a misspelt namespace looks just like one of your own.',
  aliases: ['namespace_tag', 'NamespaceTagValidator', 'InvalidNamespaceTagIssue'],
  avoid: ruleText('tags:\n    - attack.discovery\n    - atack.t1033'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
  check(document, report) {
    for (const tag of document.scalars('tags')) {
      const namespace = tag.text.slice(0, tag.text.indexOf('.'));
      if (!tag.text.includes('.') || tag.text !== tag.text.toLowerCase() || NAMESPACES.has(namespace)) continue;
      report({
        at: tag,
        message: `"${namespace}" is no tag namespace of the specification.`,
        hint: `It names ${[...NAMESPACES].join(', ')}.`,
      });
    }
  },
};
