// HOT: asked for every identifier of every event that look-back reads.
/**
 * Numbers the keys that matches have. In: first the keys of matches, then identifiers of other events as logs write them. Out:
 * numbers. An identifier that no match has gets none, because it ties its event to nothing.
 */
import { identifierOf, LINK_FIELDS } from './event-links.ts';

/** Returned by {@link FollowedKeys.inField} for an identifier that no match has, and for text that identifies nothing. */
export const NOT_FOLLOWED = -1;
export const NO_IDENTIFIER = -2;

/**
 * How many texts are remembered for each sort of identifier. All are forgotten when there are more. Very long ones are not
 * kept.
 */
const REMEMBERED_TEXTS = 8_192;
const MAX_REMEMBERED = 256;

export class FollowedKeys {
  readonly #numbers = new Map<string, number>();
  /** By position in `LINK_FIELDS`: text -> number. */
  readonly #texts: readonly Map<string, number>[] = LINK_FIELDS.map(() => new Map());

  /** Adds a key of a match and gives its number. All keys must be added before the first text is looked up. */
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

  /** The number of the key that `text` stands for in a field of that sort (a position in `LINK_FIELDS`). */
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
