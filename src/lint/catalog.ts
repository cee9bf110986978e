/** Every lint rule by id and by the names that users of pySigma know. */
import type { LintRule } from './lint-rule.ts';
import { lintRules } from './rules/registry.generated.ts';

const byName = new Map<string, LintRule>();
for (const rule of lintRules) for (const name of [rule.id, ...(rule.aliases ?? [])]) byName.set(normalName(name), rule);

/** By id or alias, in any case. */
export function lintRuleNamed(name: string): LintRule | undefined {
  return byName.get(normalName(name));
}

export function lintRuleNames(): Iterable<string> {
  return lintRules.map((rule) => rule.id);
}

function normalName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

export { lintRules };
