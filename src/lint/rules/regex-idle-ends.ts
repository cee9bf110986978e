import { detection, ruleText } from '../examples.ts';
import { replaceScalar } from '../facts/edits.ts';
import { valueNodes } from '../facts/items.ts';
import { regexValues } from '../facts/regex-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'regex-idle-ends',
  severity: 'info',
  summary: '`.*` at an end of an expression does nothing.',
  why: 'Expressions are searched anywhere in the value. A leading `.*` adds nothing but work: on a long script every position is tried up to its end.',
  aliases: [],
  avoid: ruleText(
    detection(`selection:
    CommandLine|re: '.*whoami\\s+/priv'
condition: selection`),
  ),
  prefer: ruleText(
    detection(`selection:
    CommandLine|re: 'whoami\\s+/priv'
condition: selection`),
  ),
  check(document, report) {
    for (const { item, value, source, shape } of regexValues(document)) {
      if (!shape.idleStart && !shape.idleEnd) continue;
      const node = valueNodes(document, item)?.nodes.get(`${value.span.line}:${value.span.column}`);
      const shorter = source.replace(shape.idleStart ? /^\.\*\??/ : /(?!)/, '').replace(shape.idleEnd ? /\.\*\??$/ : /(?!)/, '');
      // With line breaks or inline flags the ends may matter, so such expressions are left alone.
      const edits =
        node?.kind === 'scalar' && node.text === source && shorter !== '' && shorter !== source
          ? replaceScalar(node, shorter)
          : null;
      report({
        at: value.span,
        message: `".*" at the ${shape.idleStart ? 'start' : 'end'} of the expression does nothing.`,
        hint: 'Leave it out.',
        fix: edits === null ? undefined : { title: 'leave it out', edits },
      });
    }
  },
};
