// HOT: asked for every match, and for every event near one.
/**
 * Numbers texts in the order in which they are first seen. For few texts that occur often: a column of numbers then stands for
 * them.
 */
export class Names {
  /** The texts by number. */
  readonly list: string[] = [];
  readonly #ids = new Map<string, number>();

  id(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.list.length;
      this.list.push(name);
      this.#ids.set(name, id);
    }
    return id;
  }
}
