// HOT: asked for every identifier of every event that look-back reads.
/**
 * The keys that matches have, numbered. In: keys of matches first, then identifiers of events as logs write them. Out: numbers;
 * an identifier that no match has ties an event to nothing, and gets none.
 */
import { identifierOf, LINK_FIELDS } from './event-links.ts';

/** What {@link FollowedKeys.inField} gives for an identifier that no match has, and for text that identifies nothing. */
export const NOT_FOLLOWED = -1;
export const NO_IDENTIFIER = -2;

/** Texts remembered per sort of identifier; forgotten all at once when there are more. Longer ones than names are not kept. */
const REMEMBERED_TEXTS = 8_192;
const MAX_REMEMBERED = 256;

export class FollowedKeys {
  readonly #numbers = new Map<string, number>();
  /** By position in `LINK_FIELDS`: text -> number. */
  readonly #texts: readonly Map<string, number>[] = LINK_FIELDS.map(() => new Map());

  /** Follows a key: its number. Before any text has been asked for. */
  follow(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(key, number);
    }
    return number;
  }

  numberOf(key: string): number {
    return this.#numbers.get(key) ?? NOT_FOLLOWED;
  }

  /** The number of what `text` identifies in a field of that sort (a position in `LINK_FIELDS`). */
  inField(field: number, text: string): number {
    const texts = this.#texts[field]!;
    let number = texts.get(text);
    if (number === undefined) {
      const link = LINK_FIELDS[field]!;
      const id = identifierOf(link, text);
      number = id === null ? NO_IDENTIFIER : this.numberOf(link.prefix + id);
      if (texts.size >= REMEMBERED_TEXTS) texts.clear();
      if (text.length <= MAX_REMEMBERED) texts.set(text, number);
    }
    return number;
  }
}
