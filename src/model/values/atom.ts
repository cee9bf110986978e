// HOT: read for every field of every event that a rule asks for.
import { foldCase } from './case.ts';

/**
 * One distinct text value, shared by all events that have it: readers intern values by their bytes. What is found out about a
 * value is then found out once. In real logs, 92-97 % of the values repeat.
 */
export class Atom {
  readonly text: string;
  /** The text with every code point in lower case ({@link foldCase}). {@link lowerOf} computes it on first use. */
  lower: string | null = null;
  /** Used by json-arena.ts only: where the text's JSON is kept. */
  json = -1;
  /** Used by the matcher only: what it found out about this value. */
  memo: unknown = null;

  constructor(text: string) {
    this.text = text;
  }
}

export function lowerOf(atom: Atom): string {
  let lower = atom.lower;
  if (lower === null) {
    lower = foldCase(atom.text);
    atom.lower = lower;
  }
  return lower;
}
