/** The contract of a lint rule: one file in `rules/` that carries its check, its documentation and its examples. */
import type { Severity } from '../model/diagnostic.ts';
import type { Span } from '../model/rule.ts';
import type { YamlNode } from '../sigma/yaml/yaml.ts';
import type { LintDocument, LintSet } from './document.ts';

/** Replaces the characters [start, end) of a file's text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A correction that changes nothing in what the rule matches. */
export interface LintFix {
  /** `remove the modifier "all"`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** What a check reports. */
export interface Finding {
  /** Where: a node of the YAML text, or a span of the parsed rule. */
  readonly at: YamlNode | Span;
  /** What is wrong: what was seen and why it cannot be meant. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string | undefined;
  /** Where it differs from the rule's own severity. */
  readonly severity?: Severity | undefined;
  readonly fix?: LintFix | undefined;
}

/** Rule text, or several files by name where a check looks at file names or at more than one file. */
export type LintExample = string | Readonly<Record<string, string>>;

export interface LintRule {
  /** Kebab-case; the file's name. What suppressions and configuration name. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence for the list of rules. */
  readonly summary: string;
  /** Why it matters, in a few sentences of Markdown. */
  readonly why: string;
  /** Names that users of pySigma and of the SigmaHQ validators know; accepted wherever an id is. */
  readonly aliases: readonly string[];
  /** A convention of the SigmaHQ repository, not a fault: asked only with `--sigmahq`. */
  readonly convention?: 'sigmahq' | undefined;
  /** Fires exactly this id. */
  readonly avoid: LintExample;
  /** Fires nothing. */
  readonly prefer: LintExample;
  /** Asked of each document. */
  readonly check?: (document: LintDocument, report: (finding: Finding) => void) => void;
  /** Asked once, of all documents together. */
  readonly checkSet?: (set: LintSet, report: (document: LintDocument, finding: Finding) => void) => void;
}
