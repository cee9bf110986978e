/**
 * In: a text, a regular expression or `field=value`. Out: the first field of an event in whose value it is found, and where. Case
 * does not matter unless asked for. Refuses text that is no regular expression.
 */
import { WordFinder } from '../bytes/word-finder.ts';
import { EvtxEvent } from '../logs/evtx/event.ts';
import { UsageError } from '../model/errors.ts';
import { type EventRecord, type FieldValue, fieldValue, type Shape } from '../model/event.ts';
import { escaped } from '../scan/event-filter.ts';
import { wordToLookFor } from './searched-word.ts';

export interface SearchOptions {
  readonly kind: 'text' | 'regex' | 'field';
  readonly cased: boolean;
}

export interface FoundIn {
  readonly field: string;
  readonly value: string;
  /** Where the found part of the value begins and ends. */
  readonly start: number;
  readonly end: number;
}

export interface EventSearch {
  find(event: EventRecord): FoundIn | null;
  /** A word (`searched-word.ts`) that every value that is found contains, perhaps in another case; null where there is none. */
  readonly word: string | null;
}

export function eventSearch(what: string, { kind, cased }: SearchOptions): EventSearch {
  if (what === '') throw new UsageError('there is nothing to search for.');
  // Without the flag "u", a letter beyond ASCII never equals one of ASCII (with it, the Kelvin sign equals k). `word` relies
  // on this.
  const flags = cased ? '' : 'i';
  if (kind === 'field') return fieldSearch(what, flags);
  if (kind === 'regex') {
    const pattern = compiled(what, flags);
    return { find: (event) => findIn(event, pattern, null), word: null };
  }
  const word = wordToLookFor(what);
  const finder = word === null ? null : new WordFinder(word);
  const pattern = new RegExp(escaped(what), flags);
  return { find: (event) => findIn(event, pattern, finder), word };
}

function fieldSearch(what: string, flags: string): EventSearch {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(what) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--field: write FIELD=VALUE, as Image=*\\cmd.exe, not "${what}".`);
  const parts = value.split(/([*?])/).map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escaped(part)));
  const pattern = new RegExp(`^${parts.join('')}$`, `${flags}s`);
  const literal = value.split(/[*?]/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
  return {
    find: (event) => foundIn(name, fieldValue(event, name), pattern),
    word: wordToLookFor(literal),
  };
}

function compiled(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (cause) {
    throw new UsageError(`"${pattern}" is no regular expression: ${(cause as Error).message}.`, { cause });
  }
}

/** Values of EVTX in whose bytes the word does not stand are not decoded. */
function findIn(event: EventRecord, pattern: RegExp, word: WordFinder | null): FoundIn | null {
  const evtx = word !== null && event instanceof EvtxEvent ? event : null;
  const places = placesOf(event.shape);
  for (let i = 0; i < places.length; i++) {
    const { field, slot } = places[i]!;
    if (evtx !== null && !evtx.mayHold(slot, word!)) continue;
    const found = foundIn(field, event.value(slot), pattern);
    if (found !== null) return found;
  }
  return null;
}

interface Place {
  readonly field: string;
  readonly slot: number;
}

const placesByShape = new WeakMap<Shape, readonly Place[]>();

/** The slots in the order in which they are searched: data before System fields. */
function placesOf(shape: Shape): readonly Place[] {
  let places = placesByShape.get(shape);
  if (places === undefined) {
    places = [...shape.dataFields, ...shape.systemFields].flatMap(([field, slots]) => slots.map((slot) => ({ field, slot })));
    placesByShape.set(shape, places);
  }
  return places;
}

function foundIn(field: string, values: FieldValue | undefined, pattern: RegExp): FoundIn | null {
  if (typeof values === 'string') return foundInText(field, values, pattern);
  for (const value of values ?? []) {
    const found = value === null ? null : foundInText(field, value, pattern);
    if (found !== null) return found;
  }
  return null;
}

function foundInText(field: string, value: string, pattern: RegExp): FoundIn | null {
  const found = pattern.exec(value);
  return found === null ? null : { field, value, start: found.index, end: found.index + found[0].length };
}
