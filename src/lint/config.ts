/**
 * In: the text of a project file, or of a validator configuration of pySigma. Out: which lint rules are on, how severe each is
 * and what is left out. Refuses keys and ids that mean nothing, with a UsageError that names their place. Otherwise a
 * configuration that is misread would switch off the wrong things.
 *
 *   lint:
 *     conventions: sigmahq            # also ask for the conventions of the SigmaHQ repository
 *     rules:
 *       covered-value: off
 *       duplicate-title: error
 *     ignore:
 *       - paths: ['deprecated/**']
 *         rules: [subsumed-rule]      # all of them when left out
 *     exclude: ['vendor/**']           # not read at all
 *     exclusions:                     # as in pySigma: rule id -> validators
 *       5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60: [all_of_them_condition]
 */

import type { Severity } from '../model/diagnostic.ts';
import { UsageError } from '../model/errors.ts';
import { isOnlyOfLint, isProject } from '../project/project-file.ts';
import { LineIndex } from '../sigma/rule/line-index.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import {
  entryOf,
  parseYaml,
  scalarsIn,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../sigma/yaml/yaml.ts';
import { lintRuleNamed, lintRuleNames } from './catalog.ts';

export interface IgnoreEntry {
  /** Globs, relative to the folder of the configuration file. */
  readonly paths: readonly string[];
  /** Lint ids; null means all. */
  readonly rules: ReadonlySet<string> | null;
  /** Sigma rule ids (in lower case); null means any. */
  readonly ids: ReadonlySet<string> | null;
  /** Line in the configuration file. */
  readonly line: number;
}

export interface LintConfig {
  /** The configuration file; '' for none. */
  readonly path: string;
  readonly conventions: boolean;
  /** Lint id -> its severity or off, where this differs from the lint rule's own. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  readonly ignore: readonly IgnoreEntry[];
  /** Globs of files that are not read, relative to the folder of the configuration file. */
  readonly exclude: readonly string[];
}

export const DEFAULT_CONFIG: LintConfig = { path: '', conventions: false, severities: new Map(), ignore: [], exclude: [] };

const SEVERITIES = ['error', 'warning', 'info', 'off'] as const;

/** The keys of `lint`, and of an entry of its `ignore`. */
export const LINT_KEYS = ['conventions', 'rules', 'ignore', 'exclude', 'exclusions', 'validators'];
export const IGNORE_KEYS = ['paths', 'path', 'rules', 'ids'];

/** `flags` are keys that set defaults of the verb's flags. The verb reads them itself. */
export function parseLintConfig(text: string, path: string, flags: readonly string[] = []): LintConfig {
  return new ConfigReader(text, path, flags).read();
}

class ConfigReader {
  readonly #path: string;
  readonly #flags: readonly string[];
  readonly #lines: LineIndex;
  readonly #root: YamlNode | null;
  readonly #severities = new Map<string, Severity | 'off'>();
  readonly #ignore: IgnoreEntry[] = [];
  #exclude: readonly string[] = [];
  #conventions = false;

  constructor(text: string, path: string, flags: readonly string[]) {
    this.#path = path;
    this.#flags = flags;
    this.#lines = new LineIndex(text);
    const { documents, fault } = parseYaml(text);
    const first = fault ?? documents.flatMap(({ faults }) => faults)[0];
    if (first !== undefined) {
      const { line, column } = this.#lines.span(first.at);
      throw new UsageError(`${path}:${line}:${column} ${first.message}`);
    }
    this.#root = documents[0]?.root ?? null;
  }

  read(): LintConfig {
    const root = this.#root === null ? null : this.#map(this.#root);
    if (root !== null) {
      const own = entryOf(root, 'lint')?.value;
      if (own !== undefined) {
        if (own.kind !== 'scalar' || own.type !== 'null') this.#section(this.#map(own));
      }
      // In a file of pySigma, the same keys stand at the top level. A project file without `lint` says nothing about lint.
      else if (isOnlyOfLint(root) || !isProject(root)) this.#section(root);
    }
    return {
      path: this.#path,
      conventions: this.#conventions,
      severities: this.#severities,
      ignore: this.#ignore,
      exclude: this.#exclude,
    };
  }

  #section(map: YamlMap): void {
    for (const entry of map.entries) {
      switch (entry.key.text) {
        case 'conventions':
          this.#conventions = this.#choice(entry, ['sigmahq', 'none']) === 'sigmahq';
          break;
        case 'rules':
          for (const rule of this.#map(entry.value).entries)
            this.#severities.set(this.#lintId(rule.key), this.#choice(rule, SEVERITIES));
          break;
        case 'ignore':
          for (const item of this.#list(entry.value)) this.#ignoreEntry(this.#map(item));
          break;
        case 'exclude':
          this.#exclude = scalarsIn(entry.value).map((node) => node.text);
          break;
        case 'exclusions':
          for (const rule of this.#map(entry.value).entries) this.#exclusion(rule);
          break;
        case 'validators':
          this.#validators(scalarsIn(entry.value));
          break;
        case 'config':
        case 'test':
          break;
        default: {
          if (this.#flags.includes(entry.key.text)) break;
          const hint = didYouMean(entry.key.text, LINT_KEYS) ?? '';
          throw this.#fault(entry.key, `"${entry.key.text}" is no setting of lint. ${hint}`);
        }
      }
    }
  }

  #ignoreEntry(map: YamlMap): void {
    for (const { key } of map.entries) {
      if (!IGNORE_KEYS.includes(key.text)) throw this.#fault(key, `"${key.text}" is no key of an entry of "ignore".`);
    }
    const paths = [...scalarsIn(entryOf(map, 'paths')?.value), ...scalarsIn(entryOf(map, 'path')?.value)].map(
      (node) => node.text,
    );
    const rules = scalarsIn(entryOf(map, 'rules')?.value).map((node) => this.#lintId(node));
    const ids = scalarsIn(entryOf(map, 'ids')?.value).map((node) => node.text.toLowerCase());
    if (paths.length === 0 && rules.length === 0 && ids.length === 0)
      throw this.#fault(map, 'an entry of "ignore" names no paths, rules or ids.');
    this.#ignore.push({
      paths: paths.length === 0 ? ['**'] : paths,
      rules: rules.length === 0 ? null : new Set(rules),
      ids: ids.length === 0 ? null : new Set(ids),
      line: this.#lines.span(map.start).line,
    });
  }

  #exclusion(entry: YamlEntry): void {
    // Validators of other packages may be excluded as well. An unknown one is ignored, because it never runs here.
    const rules = scalarsIn(entry.value).flatMap((node) => lintRuleNamed(node.text)?.id ?? []);
    if (rules.length === 0) return;
    this.#ignore.push({
      paths: ['**'],
      rules: new Set(rules),
      ids: new Set([entry.key.text.toLowerCase()]),
      line: this.#lines.span(entry.key.start).line,
    });
  }

  /** A list as pySigma has it: `all` or names; `-name` leaves one out. */
  #validators(names: readonly YamlScalar[]): void {
    for (const { text } of names) {
      if (text === 'all') this.#conventions = true;
      else if (text.startsWith('-')) {
        const rule = lintRuleNamed(text.slice(1));
        if (rule !== undefined) this.#severities.set(rule.id, 'off');
      } else {
        const rule = lintRuleNamed(text);
        if (rule !== undefined) this.#severities.set(rule.id, rule.severity);
      }
    }
  }

  #lintId(node: YamlScalar): string {
    const rule = lintRuleNamed(node.text);
    if (rule !== undefined) return rule.id;
    if (node.text.startsWith('rule/')) return node.text;
    throw this.#fault(node, `"${node.text}" is no lint rule. ${didYouMean(node.text, lintRuleNames()) ?? ''}`);
  }

  #choice<C extends string>(entry: YamlEntry, choices: readonly C[]): C {
    const text = entry.value.kind === 'scalar' ? entry.value.text.toLowerCase() : '';
    const choice = choices.find((one) => one === text);
    if (choice === undefined) throw this.#fault(entry.value, `"${entry.key.text}" must be one of ${choices.join(', ')}.`);
    return choice;
  }

  #map(node: YamlNode): YamlMap {
    if (node.kind !== 'map') throw this.#fault(node, 'expected a map here.');
    return node;
  }

  #list(node: YamlNode): readonly YamlNode[] {
    if (node.kind !== 'list') throw this.#fault(node, 'expected a list here.');
    return node.items;
  }

  #fault(node: YamlNode, message: string): UsageError {
    const { line, column } = this.#lines.span(node.start);
    return new UsageError(`${this.#path}:${line}:${column} ${message.trim()}`);
  }
}
