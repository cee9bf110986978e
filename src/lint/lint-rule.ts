/** Defines what a lint rule is. Each file in `rules/` exports one, with its check, its documentation and its examples. */
import type { Severity } from '../model/diagnostic.ts';
import type { DetectionItem, Span } from '../model/rule.ts';
import type { YamlNode } from '../sigma/yaml/yaml.ts';
import type { LintDocument, LintSet } from './document.ts';
import type { RuleFacts } from './facts/rule-facts.ts';

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
  /** What the correction takes away, and why that is not needed. It is printed when the correction is made. */
  readonly removes?: string | undefined;
}

/** What a check reports. */
export interface Finding {
  /** Where: a node of the YAML text, or a span of the parsed rule. */
  readonly at: YamlNode | Span;
  /** What is wrong: what was seen, and why it cannot be intended. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string | undefined;
  /** The severity, where it differs from the rule's own. */
  readonly severity?: Severity | undefined;
  readonly fix?: LintFix | undefined;
}

/** Rule text, or several files by name where a check looks at file names or at more than one file. */
export type LintExample = string | Readonly<Record<string, string>>;

export type Report = (finding: Finding) => void;

export interface LintRule {
  /** Kebab-case, equal to the name of the file. Suppressions and the configuration use it. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence for the list of rules. */
  readonly summary: string;
  /** Why it matters, in a few sentences of Markdown. */
  readonly why: string;
  /** Names from pySigma and the SigmaHQ validators. They are accepted wherever an id is. */
  readonly aliases?: readonly string[];
  /** Set for a convention of the SigmaHQ repository, which is not a fault elsewhere. Checked only with `--sigmahq`. */
  readonly convention?: 'sigmahq' | undefined;
  /** An example with a finding of exactly this id. */
  readonly avoid: LintExample;
  /** An example without any finding. */
  readonly prefer: LintExample;
  /** Called for each document. */
  readonly check?: (document: LintDocument, report: Report) => void;
  /** Called for each detection rule, with what is known about it. */
  readonly checkDetection?: (facts: RuleFacts, report: Report, document: LintDocument) => void;
  /** Called for each detection item of a rule or filter. */
  readonly checkItem?: (item: DetectionItem, report: Report, document: LintDocument) => void;
  /** Called once, with all documents. */
  readonly checkSet?: (set: LintSet, report: (document: LintDocument, finding: Finding) => void) => void;
}
