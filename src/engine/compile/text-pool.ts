import { getOrInsert } from '../../model/values/maps.ts';

/**
 * Distinct texts joined in one string. Only one string has to be copied to threads and to disk; a text is sliced from it when it
 * is needed.
 */
export class TextPool {
  readonly #texts: string[] = [];
  readonly #number = new Map<string, number>();

  add(text: string): number {
    return getOrInsert(this.#number, text, () => this.#texts.push(text) - 1);
  }

  finish(): { text: string; start: Uint32Array } {
    const start = new Uint32Array(this.#texts.length + 1);
    let at = 0;
    this.#texts.forEach((text, i) => {
      at += text.length;
      start[i + 1] = at;
    });
    return { text: this.#texts.join(''), start };
  }
}

export function pooledText(text: string, start: Uint32Array, number: number): string {
  return text.slice(start[number], start[number + 1]);
}
