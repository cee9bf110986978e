/** Faults of one log as diagnostics: the first few of a kind in full, then how many more there were. */
import type { Severity } from '../../model/diagnostic.ts';
import type { EventSink } from '../../model/event.ts';

/** Diagnostics of one code that are given in full, per source. */
const IN_FULL = 5;

export type DiagnosticSink = Pick<EventSink, 'diagnostic'>;

interface Kind {
  readonly severity: Severity;
  count: number;
}

export class FaultReporter {
  readonly #file: string;
  readonly #sink: DiagnosticSink;
  readonly #kinds = new Map<string, Kind>();

  constructor(file: string, sink: DiagnosticSink) {
    this.#file = file;
    this.#sink = sink;
  }

  /** `offset` in the source. */
  report(code: string, severity: Severity, offset: number, message: string, hint?: string): void {
    const kind = this.#kinds.get(code);
    if (kind === undefined) this.#kinds.set(code, { severity, count: 1 });
    else if (++kind.count > IN_FULL) return;
    this.#sink.diagnostic({ code, severity, message, hint, place: { file: this.#file, offset } });
  }

  /** To be called once, at the end. */
  finish(): void {
    for (const [code, { severity, count }] of this.#kinds) {
      if (count <= IN_FULL) continue;
      this.#sink.diagnostic({ code, severity, message: `${count - IN_FULL} more of this kind`, place: { file: this.#file } });
    }
    this.#kinds.clear();
  }
}
