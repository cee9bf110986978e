/** Counters of what was read from a source. In: counts of records and parts. Out: `ReadStats`. */
import type { ReadStats } from '../model/match.ts';

export function emptyStats(format: string): ReadStats {
  return { format, bytes: 0, records: 0, damaged: 0, recovered: 0, chunks: 0, unusedChunks: 0, damagedChunks: 0 };
}

/** Counts records that one exporter has written. */
export function countExporter(stats: ReadStats, name: string, records: number): void {
  stats.exporters ??= {};
  stats.exporters[name] = (stats.exporters[name] ?? 0) + records;
}

/** Adds the counters of one part of a source to those of the whole. */
export function addStats(total: ReadStats, part: Readonly<ReadStats>): void {
  total.bytes += part.bytes;
  total.records += part.records;
  total.damaged += part.damaged;
  total.recovered += part.recovered;
  total.chunks += part.chunks;
  total.unusedChunks += part.unusedChunks;
  total.damagedChunks += part.damagedChunks;
  for (const [name, records] of Object.entries(part.exporters ?? {})) countExporter(total, name, records);
  if (part.missing !== undefined) total.missing = (total.missing ?? 0) + part.missing;
}

/** Counts records by exporter. Those of one exporter follow each other, so they are added when records of another one begin. */
export class ExporterCounts {
  readonly #stats: ReadStats;
  #exporter = '';
  /** How many records there were before those of the current exporter. */
  #since = 0;

  constructor(stats: ReadStats) {
    this.#stats = stats;
  }

  /** Call for each record. */
  record(exporter: string): void {
    if (exporter !== this.#exporter) this.#turnTo(exporter);
    this.#stats.records++;
  }

  end(): void {
    this.#turnTo('');
  }

  #turnTo(exporter: string): void {
    const { records } = this.#stats;
    if (records > this.#since) countExporter(this.#stats, this.#exporter, records - this.#since);
    this.#exporter = exporter;
    this.#since = records;
  }
}
