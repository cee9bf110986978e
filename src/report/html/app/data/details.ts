/**
 * The details of events, which are most of a page: text until an event is asked for, and read after the first view is drawn. In:
 * lines of JSON in the order of the events. Out: the details of an event; whether they can contain a text.
 */
import type { PageDetails } from '../../page-data.ts';

export class Details {
  readonly #kept: (string | PageDetails)[] = [];
  readonly #lowered: (string | undefined)[] = [];
  /** What waits for the last line; null after it. */
  #waiting: (() => void)[] | null = [];

  /** The lines of one block. */
  add(lines: string): void {
    for (const line of lines.split('\n')) this.#kept.push(line);
  }

  complete(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const act of waiting) act();
  }

  /** Does something with details: at once, or as soon as all of them are there. */
  with(act: () => void): void {
    if (this.#waiting === null) act();
    else this.#waiting.push(act);
  }

  of(place: number): PageDetails {
    const kept = this.#kept[place]!;
    if (typeof kept !== 'string') return kept;
    const details = JSON.parse(kept) as PageDetails;
    this.#kept[place] = details;
    this.#lowered[place] = undefined;
    return details;
  }

  /** False if no value of an event contains the text, which is lower-cased. This is found without parsing. */
  mayContain(place: number, text: string): boolean {
    const kept = this.#kept[place]!;
    if (typeof kept !== 'string') return true;
    this.#lowered[place] ??= kept.toLowerCase();
    return this.#lowered[place].includes(JSON.stringify(text).slice(1, -1));
  }
}
