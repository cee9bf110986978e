// HOT: read for every field of every event that a rule asks for.
import { foldCase } from './case.ts';

/**
 * One distinct text value, shared by the events that hold it (readers intern values by bytes), so that what is learned of a
 * value is learned once. 92-97 % of the values of a real log repeat.
 */
export class Atom {
  readonly text: string;
  /** Text with every code point lower-cased ({@link foldCase}), made on first use by {@link lowerOf}. */
  lower: string | null = null;
  /** Belongs to json-arena.ts: where the text's JSON is kept. */
  json = -1;
  /** Belongs to the matcher: what it found out about this value. Never touched by readers. */
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
