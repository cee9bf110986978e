/**
 * Collects the faults of one document and turns offsets into lines and columns. In: faults as they are found. Out: diagnostics
 * with a place, at most a fixed number for each document.
 */
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

/** Limit on the diagnostics of one document. Later ones are not reported. */
const MAX_DIAGNOSTICS = 200;

/** Collects the diagnostics of one document. One error is enough to refuse the document. */
export class Faults {
  readonly source: RuleText;
  readonly diagnostics: Diagnostic[] = [];
  refused = false;
  #errors = 0;

  constructor(source: RuleText) {
    this.source = source;
  }

  /** True when nothing more would be reported, so that there is no use in looking for further faults. */
  get full(): boolean {
    return this.refused && this.diagnostics.length >= MAX_DIAGNOSTICS;
  }

  /** `code` is the code without the part before the slash: `unknown-modifier`. */
  error(code: string, at: number, message: string, hint?: string): void {
    this.refused = true;
    this.#add('error', code, at, message, hint);
  }

  warn(code: string, at: number, message: string, hint?: string): void {
    this.#add('warning', code, at, message, hint);
  }

  #add(severity: Severity, code: string, at: number, message: string, hint: string | undefined): void {
    // The first error is always reported. Otherwise a document could be refused without a reason.
    if (this.diagnostics.length >= MAX_DIAGNOSTICS && (severity === 'warning' || this.#errors > 0)) return;
    if (severity === 'error') this.#errors++;
    const place = { file: this.source.path, ...this.source.span(at) };
    this.diagnostics.push({ code: `rule/${code}`, severity, message, hint, place });
  }
}
