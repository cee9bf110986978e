// HOT: asked for every event near a match, where a record was found twice.
/**
 * Recognises copies of records that were seen before at an earlier place. Of two copies the earlier is shown, so the later one
 * need not be looked into. In: an event, and its identity. Out: true for such a copy; false where that is not known. Contents are
 * compared by a hash. That is enough, because only one of two records with the same identity is shown anyway: the one that is
 * tied more closely to the match. Two hashes that are equal by chance, or were made so, only change which of the two it is.
 */
import type { EventRecord } from '../../model/event.ts';
import { Names } from '../store/names.ts';

/** How many records are remembered, each in its one slot; a power of two. 2 MB. */
const SLOTS = 1 << 16;

export class Repeats {
  readonly #identities = new Float64Array(SLOTS);
  readonly #contents = new Int32Array(SLOTS);
  readonly #computers: string[] = new Array<string>(SLOTS).fill('');
  readonly #files = new Int32Array(SLOTS);
  readonly #offsets = new Float64Array(SLOTS);
  readonly #names = new Names();

  has(event: EventRecord, file: string, identity: number): boolean {
    const content = event.content;
    if (content === undefined) return false;
    const { computer, offset } = event;
    const at = identity % SLOTS;
    const isSame = this.#identities[at] === identity && this.#contents[at] === content && this.#computers[at] === computer;
    if (isSame && this.#isEarlier(at, file, offset)) return true;
    this.#identities[at] = identity;
    this.#contents[at] = content;
    this.#computers[at] = computer;
    this.#files[at] = this.#names.id(file);
    this.#offsets[at] = offset;
    return false;
  }

  #isEarlier(at: number, file: string, offset: number): boolean {
    const known = this.#names.list[this.#files[at]!]!;
    return known === file ? this.#offsets[at]! < offset : known < file;
  }
}
