/**
 * Collects the diagnostics of one decoder. A log that is damaged everywhere gives some lines and a count, not millions of lines.
 */
import type { Severity } from '../model/diagnostic.ts';
import type { EventSink } from '../model/event.ts';

export type DiagnosticSink = Pick<EventSink, 'diagnostic'>;

/** The most diagnostics of one code that are passed on. */
const PER_CODE = 20;

export class Reports {
  readonly #file: string;
  readonly #sink: DiagnosticSink;
  readonly #counts = new Map<string, number>();

  constructor(file: string, sink: DiagnosticSink) {
    this.#file = file;
    this.#sink = sink;
  }

  report(code: string, offset: number, message: string, hint?: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= PER_CODE) this.#send('warning', code, message, hint, offset);
  }

  /** A part of the input is not read at all. Passed on each time, without a limit. */
  error(code: string, offset: number | undefined, message: string, hint?: string): void {
    this.#send('error', code, message, hint, offset);
  }

  /** Worth knowing, but nothing is lost. Passed on once, because the same sentence about every record adds nothing. */
  note(code: string, offset: number, message: string, hint?: string): void {
    if (this.#counts.has(code)) return;
    this.#counts.set(code, 1);
    this.#send('info', code, message, hint, offset);
  }

  /** Reports how many were not shown. Call at the end. */
  close(): void {
    for (const [code, count] of this.#counts) {
      if (count > PER_CODE) this.#send('warning', code, `${count - PER_CODE} more of the same kind.`, undefined, undefined);
    }
    this.#counts.clear();
  }

  #send(severity: Severity, code: string, message: string, hint: string | undefined, offset: number | undefined): void {
    this.#sink.diagnostic({ code, severity, message, hint, place: { file: this.#file, offset } });
  }
}
