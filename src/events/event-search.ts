/**
 * In: a text, a regular expression or `field=value`. Out: the first field of an event in whose value it is found, and where. Case
 * does not matter unless asked for. Refuses text that is no regular expression.
 */
import { UsageError } from '../model/errors.ts';
import { type EventRecord, type FieldValue, fieldValue } from '../model/event.ts';
import { escaped } from '../scan/event-filter.ts';

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
  /** A text that every value that is found contains, perhaps in another case; null where there is none. */
  readonly literal: string | null;
}

export function eventSearch(what: string, { kind, cased }: SearchOptions): EventSearch {
  if (what === '') throw new UsageError('there is nothing to search for.');
  // Without the flag "u", a letter beyond ASCII never equals one of ASCII (with it, the Kelvin sign equals k). `literal` relies
  // on this.
  const flags = cased ? '' : 'i';
  if (kind === 'field') return fieldSearch(what, flags);
  const pattern = kind === 'text' ? new RegExp(escaped(what), flags) : compiled(what, flags);
  return { find: (event) => findIn(event, pattern), literal: kind === 'text' ? what : null };
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
    literal: literal === '' ? null : literal,
  };
}

function compiled(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (cause) {
    throw new UsageError(`"${pattern}" is no regular expression: ${(cause as Error).message}.`, { cause });
  }
}

function findIn(event: EventRecord, pattern: RegExp): FoundIn | null {
  for (const fields of [event.shape.dataFields, event.shape.systemFields]) {
    for (const [field, slots] of fields) {
      for (const slot of slots) {
        const found = foundIn(field, event.value(slot), pattern);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

function foundIn(field: string, values: FieldValue | undefined, pattern: RegExp): FoundIn | null {
  for (const value of Array.isArray(values) ? (values as readonly (string | null)[]) : [values as string | null | undefined]) {
    const found = value === null || value === undefined ? null : pattern.exec(value);
    if (found !== null) return { field, value: found.input, start: found.index, end: found.index + found[0].length };
  }
  return null;
}
