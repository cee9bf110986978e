/** Makes lint rules that require a key, for those SigmaHQ conventions that differ only in the key. */
import type { LintExample, LintRule } from '../lint-rule.ts';

export interface MissingKey {
  readonly id: string;
  readonly key: string;
  readonly aliases: readonly string[];
  readonly why: string;
  readonly avoid: LintExample;
  readonly prefer: LintExample;
}

export function missingKey({ id, key, aliases, why, avoid, prefer }: MissingKey): LintRule {
  return {
    id,
    severity: 'info',
    summary: `The rule has no ${key}.`,
    why,
    aliases,
    convention: 'sigmahq',
    avoid,
    prefer,
    check(document, report) {
      if (document.isCollectionPart || document.kind === 'filter' || document.entry(key) !== undefined) return;
      report({ at: document.root, message: `there is no "${key}".` });
    },
  };
}
