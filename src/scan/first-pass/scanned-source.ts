/** What the first pass learned of each source, and where its records stand. */
import type { RingContext } from '../../findings/lookback/context-ring.ts';
import type { MatchStore } from '../../findings/store/match-store.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import type { Source } from '../../logs/open/open.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { addCounts } from '../account/tally.ts';
import type { ContextSources } from '../look-back/context-reader.ts';
import type { ReadPart } from '../look-back/read-part.ts';
import type { RangeResult } from './range-scanner.ts';

export interface ScannedPart {
  readonly result: RangeResult;
  readonly range: number;
  /** Number of its first record in the source; known when all ranges before it have been counted. */
  firstIndex: number;
  /** How look-back may read it again; null for what cannot be read twice. */
  readonly again: Omit<ReadPart, 'firstIndex'> | null;
}

export interface ScannedSource {
  readonly source: Source;
  /** null when the file has not changed, as far as is known. */
  readonly change: Diagnostic | null;
  /** By offset. */
  readonly parts: readonly ScannedPart[];
  readonly ring: RingContext | null;
  /** False for a source that an interrupted scan did not reach. */
  readonly begun: boolean;
  /** What the headers of the source name and the source does not have. */
  readonly missing?: ReturnType<NonNullable<LogFormat['missing']>> | undefined;
}

/** Records of a range count from 0. Now that all ranges are counted, tells the store where each begins in its file. */
export function placeRanges(found: readonly ScannedSource[], store: MatchStore): void {
  found.forEach(({ parts }, file) => {
    let first = 0;
    for (const part of parts) {
      if (first > 0) store.setFirstIndex({ file, range: part.range }, first);
      part.firstIndex = first;
      // Recovered records do not count, because the position of a record is its position among the live ones.
      first += part.result.stats.records;
    }
  });
}

/** Computer names of all events read. */
export function computersIn(found: readonly ScannedSource[]): readonly string[] {
  return addCounts(found.flatMap(({ parts }) => parts.map(({ result }) => result.tally.computers))).map(([name]) => name);
}

/** What a look-back may read again, and what was kept of sources that cannot be read again. */
export function readAgain(found: readonly ScannedSource[]): Pick<ContextSources, 'parts' | 'rings'> {
  const parts = found.flatMap((source) =>
    source.parts.flatMap(({ again, firstIndex }) => (again === null ? [] : [{ ...again, firstIndex }])),
  );
  return { parts, rings: found.flatMap(({ ring }) => ring ?? []) };
}
