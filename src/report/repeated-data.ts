/**
 * Limits how often a report in JSON repeats the data of an event. In: matches, those of one event directly after one another.
 * Out: which of them carry the event's data. A line stands for one rule and one event, so an event of megabytes that many rules
 * match would make a report a hundred times as long as the log. The first line of an event always has all its data, so nothing is
 * lost.
 */
import type { EventSnapshot, FieldValue } from '../model/event.ts';
import type { Correlation, MatchedField } from '../model/match.ts';
import type { ReportedMatch } from './reporter.ts';

/** How much data of one event may be repeated, in bytes or characters. Events of Windows with dozens of rules stay below it. */
const MAX_REPEATED = 1024 * 1024;
/** How many characters of a value are shown where the data are left out. */
const MAX_SHOWN = 1_000;

export class RepeatedData {
  #file = '';
  #index = -1;
  #offset = -1;
  #repeated = 0;

  /**
   * Whether the next match carries the data of its event. File, index and offset together identify the event: recovered records
   * may share an index, and events without a file share the offset 0.
   */
  allows(file: string, index: number, offset: number, size: number): boolean {
    if (offset !== this.#offset || index !== this.#index || file !== this.#file) {
      this.#file = file;
      this.#index = index;
      this.#offset = offset;
      this.#repeated = 0;
      return true;
    }
    this.#repeated += size;
    return this.#repeated <= MAX_REPEATED;
  }
}

/** A match whose event has no data, because an earlier one of the same event has them. */
export interface WithoutData {
  readonly dataOmitted?: true;
}

/** Leaves out the data of events from the point on where they have been repeated too often. */
export function* boundRepeats(
  found: Iterable<ReportedMatch | Correlation>,
): Iterable<(ReportedMatch & WithoutData) | Correlation> {
  const repeated = new RepeatedData();
  for (const match of found) {
    if (match.kind === 'correlation' || allows(repeated, match.event)) yield match;
    else yield { ...match, event: { ...match.event, data: {} }, fields: match.fields.map(shortened), dataOmitted: true };
  }
}

function allows(repeated: RepeatedData, { file, index, offset, data }: EventSnapshot): boolean {
  return repeated.allows(file, index, offset, sizeOf(data));
}

/** A matched field with no more than the beginning of a long value; `length` is that of the whole text. */
export function shortened(field: MatchedField): MatchedField & { readonly length?: number } {
  const text = typeof field.value === 'string' ? field.value : JSON.stringify(field.value);
  return text.length <= MAX_SHOWN ? field : { ...field, value: text.slice(0, MAX_SHOWN), length: text.length };
}

function sizeOf(data: Readonly<Record<string, FieldValue>>): number {
  let size = 0;
  for (const [name, value] of Object.entries(data)) size += name.length + lengthOf(value);
  return size;
}

function lengthOf(value: FieldValue): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + lengthOf(one), 0);
  return typeof value === 'string' ? value.length : 0;
}
