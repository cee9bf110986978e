// HOT: asked for every match, and for every event near one.
/** Texts numbered in the order in which they are first seen: few, and one column of numbers stands for many of them. */
export class Names {
  /** By number. */
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
