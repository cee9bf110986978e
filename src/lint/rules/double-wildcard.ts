import { selectionText } from '../examples.ts';
import { correction, replaceScalar } from '../facts/edits.ts';
import { valueNodes } from '../facts/items.ts';
import { holdsText } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'double-wildcard',
  severity: 'info',
  summary: 'Two stars stand side by side.',
  why: 'One star already stands for any text. `**` means nothing more in Sigma, unlike in file patterns.',
  aliases: ['double_wildcard', 'DoubleWildcardValidator'],
  avoid: selectionText("CommandLine: 'whoami **/priv'"),
  prefer: selectionText("CommandLine: 'whoami */priv'"),
  checkItem(item, report, document) {
    if (!holdsText(item)) return;
    for (const value of item.values) {
      const single = withSingleStars(value.source);
      if (single === value.source) continue;
      const node = valueNodes(document, item)?.nodes.get(`${value.span.line}:${value.span.column}`);
      report({
        at: value.span,
        message: `"${value.source}" has two stars side by side.`,
        hint: 'One is enough.',
        fix: correction('write one star', node?.kind === 'scalar' ? replaceScalar(node, single) : null),
      });
    }
  },
};

/** The text with each run of unescaped stars cut to one. A star is unescaped after an even number of backslashes. */
function withSingleStars(text: string): string {
  return text.replace(/(\\*)(\*{2,})/g, (whole, slashes: string, stars: string) => {
    const kept = slashes.length % 2 === 1 ? `*${stars.length > 2 ? '*' : stars.slice(1)}` : '*';
    return kept.length < stars.length ? slashes + kept : whole;
  });
}
