/**
 * Events around matches, read again. In: the sources of a scan with what the first pass learned of each part (times, computers,
 * number of its first record). Out: calls of the look-back collector. Parts that cannot hold anything wanted are skipped; what
 * could not be read twice comes from the ring that was filled in the first pass.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventRecord, EventSink } from '../model/event.ts';
import type { ReadOptions } from '../model/reader.ts';
import { openSource, readRange, readSource, type Source } from '../read/open.ts';
import { type RingContext, visitRing } from '../window/context-ring.ts';
import type { LookbackCollector, LookbackPlan } from '../window/lookback.ts';
import type { ContextReader } from '../window/window.ts';
import type { Tally } from './tally.ts';
import type { RangeTask } from './tasks.ts';

/** A part of the input that can be read again: a range of a file, or a whole source (gzip, UTF-16). */
export interface ReadPart {
  readonly source: Source;
  readonly task: RangeTask | null;
  readonly tally: Tally;
  readonly firstIndex: number;
}

export class SourceContextReader implements ContextReader {
  readonly #parts: readonly ReadPart[];
  readonly #rings: readonly RingContext[];
  readonly #read: ReadOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(parts: readonly ReadPart[], rings: readonly RingContext[], read: ReadOptions, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.#rings = rings;
    this.#read = read;
    this.#signal = signal;
  }

  async read(_plan: LookbackPlan, collector: LookbackCollector): Promise<{ readonly capped: boolean }> {
    let capped = this.#rings.some((ring) => ring.capped);
    for (const ring of this.#rings) visitRing(ring, collector);
    for (const part of this.#parts) {
      if (!wanted(part.tally, collector)) continue;
      if (this.#signal?.aborted) return { capped: true };
      if (!(await this.#readPart(part, collector))) capped = true;
      await nextTurn();
    }
    return { capped };
  }

  async #readPart({ source, task, firstIndex }: ReadPart, collector: LookbackCollector): Promise<boolean> {
    const sink: EventSink = {
      event: (event: EventRecord) => collector.visit(event, source.path, firstIndex),
      // The first pass has reported what is wrong with the source.
      diagnostic: () => {},
    };
    try {
      if (task !== null) {
        readRange(task.name, task.format, task.bytes, sink, this.#read);
        return true;
      }
      const opened = await openSource(source, () => {});
      if (opened === null) return false;
      await readSource(opened, sink, this.#read, { signal: this.#signal });
      return true;
    } catch {
      // Gone or changed since it was read: look-back says that it is incomplete.
      return false;
    }
  }
}

function wanted(tally: Tally, collector: LookbackCollector): boolean {
  return collector.wants(tally.fromUs, tally.toUs) && tally.computers.some(([computer]) => collector.wantsComputer(computer));
}
