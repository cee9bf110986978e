/** Rules for tests and explanations. In: all rules. Out: small rule sets of some of them, with the rules that they refer to. */
import { resolve } from 'node:path';
import { compileRules } from '../engine/compile/compile.ts';
import type { LoadedRules, RefusedRule, SigmaRule } from '../model/rule.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { addTo } from '../model/values/maps.ts';
import { type LogSourceOptions, resolveLogSource } from '../sigma/logsource/resolve.ts';

export interface ChosenRules {
  readonly ruleSet: RuleSet;
  /** Indexes in the rule set of those rules that were asked for and can be used. */
  readonly targets: readonly number[];
  /** For each rule that cannot be used, the reason. */
  readonly unused: readonly string[];
}

export class RulePool {
  readonly rules: readonly SigmaRule[];
  readonly refused: readonly RefusedRule[];
  readonly #byName = new Map<string, SigmaRule[]>();
  readonly #byPath = new Map<string, SigmaRule[]>();

  constructor(loaded: LoadedRules) {
    this.rules = loaded.rules;
    this.refused = loaded.refused;
    for (const rule of loaded.rules) {
      const { id, name, path } = rule.head;
      addTo(this.#byPath, resolve(path), rule);
      for (const key of new Set([id?.toLowerCase(), name])) if (key !== undefined) addTo(this.#byName, key, rule);
    }
  }

  inFile(path: string): readonly SigmaRule[] {
    return this.#byPath.get(resolve(path)) ?? [];
  }

  refusedIn(path: string): readonly RefusedRule[] {
    return this.refused.filter((one) => resolve(one.path) === resolve(path));
  }

  /** Rules by id (in any case), otherwise by name, otherwise by title. */
  named(name: string): readonly SigmaRule[] {
    return (
      this.#byName.get(name) ?? this.#byName.get(name.toLowerCase()) ?? this.rules.filter((rule) => rule.head.title === name)
    );
  }

  refusedNamed(name: string): readonly RefusedRule[] {
    return this.refused.filter((one) => one.id?.toLowerCase() === name.toLowerCase() || one.title === name);
  }

  /** The rules that a file is mainly about: its correlations, or all of its rules when it has none. */
  static mainOf(rules: readonly SigmaRule[]): readonly SigmaRule[] {
    const correlations = rules.filter((rule) => rule.kind === 'correlation');
    return correlations.length > 0 ? correlations : rules;
  }

  /** Compiles rules together with everything that they refer to. */
  choose(targets: readonly SigmaRule[], logSources: LogSourceOptions): ChosenRules {
    const wanted = new Set<SigmaRule>();
    const add = (rule: SigmaRule): void => {
      if (wanted.has(rule)) return;
      wanted.add(rule);
      if (rule.kind === 'correlation')
        for (const reference of rule.rules) for (const one of this.#referred(rule, reference)) add(one);
    };
    for (const rule of targets) add(rule);
    // In the order of loading, as in a scan.
    const rules = this.rules.filter((rule) => wanted.has(rule));
    const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource, logSources));
    const unused: string[] = [];
    const indexes: number[] = [];
    for (const rule of targets) {
      const { id, title, path } = rule.head;
      const index = ruleSet.rules.findIndex(
        (info) => info.path === path && info.title === title && (info.id ?? undefined) === id,
      );
      if (index >= 0) indexes.push(index);
      else
        unused.push(
          ruleSet.unused.find((one) => one.rule.path === path && one.rule.title === title)?.reason ?? 'it cannot be used',
        );
    }
    return { ruleSet, targets: indexes, unused };
  }

  /** A reference means a rule of the same file before those of other files. */
  #referred(from: SigmaRule, reference: string): readonly SigmaRule[] {
    const named = this.#byName.get(reference) ?? this.#byName.get(reference.toLowerCase()) ?? [];
    const near = named.filter((rule) => rule.head.path === from.head.path);
    return near.length > 0 ? near : named;
  }
}
