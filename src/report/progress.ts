/** One line on stderr that tells how far a long scan is. Drawn only on a terminal, and gone when the scan ends. */
import { elide } from './text-layout.ts';
import { byteText, counted, durationText, grouped } from './wording.ts';

export interface ScanProgress {
  readonly bytesDone: number;
  /** 0 when it is not known (stdin). */
  readonly bytesTotal: number;
  readonly events: number;
  readonly matches: number;
}

/** Runs that are shorter show nothing. */
const DELAY_MS = 1000;
const INTERVAL_MS = 100;
const CLEAR_LINE = '\r\u001b[K';
/** An estimate from less is noise. */
const MIN_SHARE_FOR_ETA = 0.02;

export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  readonly #clock: () => number;
  readonly #startMs: number;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #visible = false;
  #phase = '';

  constructor(write: (text: string) => void, columns: () => number, clock: () => number) {
    this.#write = write;
    this.#columns = columns;
    this.#clock = clock;
    this.#startMs = clock();
  }

  update(progress: ScanProgress): void {
    const now = this.#clock();
    if (now - this.#startMs < DELAY_MS || now - this.#drawnMs < INTERVAL_MS) return;
    this.#drawnMs = now;
    this.#visible = true;
    // The last column stays free: a full line would scroll some terminals.
    this.#write(
      `${CLEAR_LINE}${elide(`${this.#phase === '' ? '' : `${this.#phase}  `}${progressText(progress, now - this.#startMs)}`, this.#columns() - 1)}`,
    );
  }

  /** Names what begins now: shown at once where the scan is long enough, and in front of how far it is. */
  phase(name: string): void {
    const again = name === this.#phase;
    const now = this.#clock();
    this.#phase = name;
    if (now - this.#startMs < DELAY_MS || (again && now - this.#drawnMs < INTERVAL_MS)) return;
    this.#drawnMs = now;
    this.#visible = true;
    this.#write(`${CLEAR_LINE}${elide(name, this.#columns() - 1)}`);
  }

  clear(): void {
    if (this.#visible) this.#write(CLEAR_LINE);
    this.#visible = false;
  }
}

/** `45%  1.2 of 2.6 GB  310 MB/s  1,234,567 events  12 matches  5 s left`. */
export function progressText({ bytesDone, bytesTotal, events, matches }: ScanProgress, elapsedMs: number): string {
  const share = bytesTotal > 0 ? Math.min(1, bytesDone / bytesTotal) : 0;
  const parts = [
    ...(bytesTotal > 0
      ? [`${String(Math.floor(share * 100)).padStart(3)}%`, `${byteText(bytesDone)} of ${byteText(bytesTotal)}`]
      : [byteText(bytesDone)]),
    ...(bytesDone > 0 && elapsedMs > 0 ? [`${byteText(Math.round((bytesDone / elapsedMs) * 1000))}/s`] : []),
    `${grouped(events)} ${events === 1 ? 'event' : 'events'}`,
    counted(matches, 'match'),
  ];
  if (share >= MIN_SHARE_FOR_ETA && share < 1)
    parts.push(`${durationText(Math.ceil((((1 - share) / share) * elapsedMs) / 1000) * 1e6)} left`);
  return parts.join('  ');
}
