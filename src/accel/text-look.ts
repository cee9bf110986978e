// HOT: called for every event of a text log that rules look at.
/** A look at events of text logs. It passes over values whose bytes, as written, hold none of the texts that rules look for. */
import type { Query } from '../engine/contract.ts';
import { PlainLook } from '../engine/match/plain-look.ts';
import type { TextEvent } from '../logs/text/text-event.ts';
import { AS_WRITTEN, JSON_NULL, STRINGS, TIME } from '../logs/text/text-value.ts';
import { mayHold } from './text/may-hold.ts';

/** From this year on a year is written with a sign. */
const YEAR_10000_US = Date.UTC(10_000, 0) * 1000;
const DASH = 0x2d;

export class TextLook extends PlainLook {
  readonly #event: TextEvent;

  constructor(event: TextEvent) {
    super();
    this.#event = event;
  }

  protected override next({ slots, filters }: Query, place: number): number {
    const event = this.#event;
    const { starts, lengths, ids, buffer, count, view } = event;
    const { conversions, shape } = event.layout;
    for (let i = place; i < slots.length; i++) {
      const filter = filters[i]!;
      const slot = slots[i]!;
      if (filter === null || slot < 0) return i;
      if (slot >= count) {
        if (filter.words && slot === shape.system.time && event.timeUs < YEAR_10000_US) continue;
        return i;
      }
      const id = ids[slot]!;
      if (id !== 0 && event.place(slot).hasPassed(id, filter)) continue;
      const form = event.form(slot);
      if (form === JSON_NULL) continue;
      const conversion = conversions === null ? AS_WRITTEN : conversions[slot]!;
      // A list of strings is several values, so the matcher has to look at it.
      if (conversion >= STRINGS && event.beginsMarkup(slot)) return i;
      if (conversion !== AS_WRITTEN && conversion !== STRINGS && !(filter.words && this.#staysNoWord(slot, conversion))) return i;
      if (mayHold(buffer, view, starts[slot]!, lengths[slot]!, form, filter)) return i;
      if (id !== 0) event.place(slot).pass(id, filter);
    }
    return slots.length;
  }

  /**
   * True when conversion cannot bring a word that a filter looks for into the value. Numbers, GUIDs and times without a sign
   * contain no word, and any other value stays as it is written. Times have a sign from the year 10000 on; a dash after four
   * characters shows that the year has only four digits.
   */
  #staysNoWord(slot: number, conversion: number): boolean {
    return conversion !== TIME || this.#event.buffer[this.#event.starts[slot]! + 4] === DASH;
  }
}
