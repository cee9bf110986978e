/** Where faults of one file's documents are collected, and how offsets become lines and columns. */
import type { Diagnostic, Severity } from '../../model/diagnostic.ts';
import type { Span } from '../../model/rule.ts';
import { LineIndex } from './line-index.ts';

/** The text of a rule file: turns offsets into places. */
export class RuleText {
  readonly path: string;
  readonly text: string;
  #lines: LineIndex | null = null;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  span(at: number): Span {
    return this.lines.span(at);
  }
}

/** Diagnostics of one document; what comes after is not reported. */
const MAX_DIAGNOSTICS = 200;

/** Collects the diagnostics of one document; one error refuses it. */
export class Faults {
  readonly source: RuleText;
  readonly diagnostics: Diagnostic[] = [];
  refused = false;
  #errors = 0;

  constructor(source: RuleText) {
    this.source = source;
  }

  /** True when nothing more would be reported: looking for further faults is of no use. */
  get full(): boolean {
    return this.refused && this.diagnostics.length >= MAX_DIAGNOSTICS;
  }

  /** `code` without the area: `unknown-modifier`. */
  error(code: string, at: number, message: string, hint?: string): void {
    this.refused = true;
    this.#add('error', code, at, message, hint);
  }

  warn(code: string, at: number, message: string, hint?: string): void {
    this.#add('warning', code, at, message, hint);
  }

  #add(severity: Severity, code: string, at: number, message: string, hint: string | undefined): void {
    // An error is always reported: a refusal without one would be silence.
    if (this.diagnostics.length >= MAX_DIAGNOSTICS && (severity === 'warning' || this.#errors > 0)) return;
    if (severity === 'error') this.#errors++;
    const place = { file: this.source.path, ...this.source.span(at) };
    this.diagnostics.push({ code: `rule/${code}`, severity, message, hint, place });
  }
}
