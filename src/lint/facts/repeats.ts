/** Makes lint rules for values that only one document of a set may have, and for lists whose items must differ. */
import type { YamlList, YamlNode, YamlScalar } from '../../sigma/yaml/yaml.ts';
import type { LintDocument } from '../document.ts';
import type { LintRule } from '../lint-rule.ts';
import { contextBy } from './context-index.ts';
import { correction, removeItem } from './edits.ts';

interface UniqueValue extends Omit<LintRule, 'check' | 'checkSet'> {
  /** Undefined for a document that need not have its own. */
  readonly scalarOf: (document: LintDocument) => YamlScalar | undefined;
  /** Makes one of its spellings. */
  readonly normal: (text: string) => string;
  /** `first` is the place of the earlier document that has the value. */
  readonly message: (text: string, first: string) => string;
  readonly hint: string;
}

/** A value that no two documents may have. `normal` gives the same text for all spellings of a value. */
export function uniqueValue({ scalarOf, normal, message, hint, ...rule }: UniqueValue): LintRule {
  const keyOf = (document: LintDocument): string | undefined => {
    const text = document.isCollectionPart ? undefined : scalarOf(document)?.text;
    return text === undefined || text === '' ? undefined : normal(text);
  };
  return {
    ...rule,
    checkSet(set, report) {
      const inContext = contextBy(set, keyOf);
      const seen = new Map<string, LintDocument>();
      for (const document of set.own) {
        const key = keyOf(document);
        if (key === undefined) continue;
        const first = inContext.get(key)?.[0] ?? seen.get(key);
        const at = scalarOf(document)!;
        if (first === undefined) seen.set(key, document);
        else
          report(document, { at, hint, message: message(at.text, `${first.file.path}:${first.spanOf(scalarOf(first)!).line}`) });
      }
    },
  };
}

/** How many are reported for each list, because further ones are not informative. */
const MAX_REPORTS = 100;

/** Calls `report` for each scalar of a list that equals an earlier one, up to a limit. */
export function reportRepeatedItems(node: YamlNode | undefined, report: (item: YamlScalar, list: YamlList) => void): void {
  if (node?.kind !== 'list') return;
  const seen = new Set<string>();
  let reported = 0;
  for (const item of node.items) {
    if (item.kind !== 'scalar') continue;
    if (seen.has(item.text) && reported++ < MAX_REPORTS) report(item, node);
    seen.add(item.text);
  }
}

/** A rule for the list under `key`, whose items are called `noun`. */
export function distinctItems(
  key: string,
  noun: string,
  rule: Pick<LintRule, 'id' | 'why' | 'aliases' | 'avoid' | 'prefer'>,
): LintRule {
  return {
    severity: 'warning',
    summary: `A ${noun} is listed twice.`,
    ...rule,
    check(document, report) {
      reportRepeatedItems(document.entry(key)?.value, (item, list) =>
        report({
          at: item,
          message: `the ${noun} "${item.text}" is listed twice.`,
          fix: correction('remove the second one', removeItem(document, list, item)),
        }),
      );
    },
  };
}
