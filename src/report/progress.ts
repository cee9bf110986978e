/**
 * One line on stderr that says how far a long scan is. In: counts. Out: a line, only on a terminal, which is removed when the
 * scan ends.
 */
import { elide } from './text-layout.ts';
import { byteText, counted, durationText, grouped } from './wording.ts';

export interface ScanProgress {
  readonly bytesDone: number;
  /** 0 when the size is not known (stdin). */
  readonly bytesTotal: number;
  readonly events: number;
  readonly matches: number;
}

/** Nothing is shown before this time, so that short scans stay quiet. */
const DELAY_MS = 1000;
const INTERVAL_MS = 100;
const CLEAR_LINE = '\r\u001b[K';
/** Below this share, an estimate of the remaining time would be too inaccurate. */
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
    const phase = this.#phase === '' ? '' : `${this.#phase}  `;
    this.#draw(now, `${phase}${progressText(progress, now - this.#startMs)}`);
  }

  /** Names the phase that begins. It is shown at once if the progress line is already visible. */
  phase(name: string): void {
    const again = name === this.#phase;
    const now = this.#clock();
    this.#phase = name;
    if (now - this.#startMs < DELAY_MS || (again && now - this.#drawnMs < INTERVAL_MS)) return;
    this.#draw(now, name);
  }

  #draw(now: number, text: string): void {
    this.#drawnMs = now;
    this.#visible = true;
    // The last column stays empty, because some terminals scroll after a full line.
    this.#write(`${CLEAR_LINE}${elide(text, this.#columns() - 1)}`);
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
