/** Describes values as parts of a sentence. In: verdicts. Out: text in which two different values look different. */
import type { FieldValue } from '../model/event.ts';
import { markHidden } from '../sigma/rule/look-alikes.ts';
import type { ItemVerdict, ValueVerdict } from './verdict.ts';

/** Longer values are cut. The reader can look at the event itself. */
const SHOWN_LENGTH = 200;
const SHOWN_VALUES = 6;

/** `is "C:\a.exe"`. */
export function shown(value: FieldValue | undefined): string {
  if (value === undefined) return 'is absent';
  if (value === null) return 'is null';
  if (typeof value === 'string') return `is ${quoted(value)}`;
  const texts = value.slice(0, SHOWN_VALUES).map((one) => (one === null ? 'null' : quoted(one)));
  return `is one of ${texts.join(', ')}${value.length > SHOWN_VALUES ? `, and ${value.length - SHOWN_VALUES} more` : ''}`;
}

function quoted(text: string): string {
  return `"${markHidden(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text)}"`;
}

/** `"a.exe"`, `null`, `the number 0 (0x0)`, `TargetUserName, which is "BOB "`. */
export function valueText({ value: { source, pattern }, others }: ValueVerdict): string {
  if (pattern.kind === 'null') return 'null';
  // An unquoted number is compared as a number. So the text that was written is also shown where it differs.
  if (pattern.kind === 'number' && pattern.decimal !== source) return `the number ${pattern.decimal} (${source})`;
  if (others.length === 0) return quoted(source);
  return others.map(({ field, seen }) => `${field}, which ${shown(seen)}`).join(' or ');
}

/** `endswith "\a.exe" or "\b.exe"`, `not "bob" or "eve"`. */
export function wantedText({ item, values }: Pick<ItemVerdict, 'item' | 'values'>): string {
  // The words between the values already express these two modifiers.
  const modifiers = item.modifiers.filter((name) => name !== 'all' && name !== 'neq').join('|');
  const link = item.linking === 'all' ? ' and ' : ' or ';
  const texts = values.slice(0, SHOWN_VALUES).map(valueText);
  const more = values.length > SHOWN_VALUES ? `${link}${values.length - SHOWN_VALUES} more` : '';
  return `${item.negated ? 'not ' : ''}${modifiers === '' ? '' : `${modifiers} `}${texts.join(link)}${more}`;
}

/** Where several values must all hold, those that do not. */
export function lackingText({ item, values }: ItemVerdict): string {
  if (item.linking !== 'all' || item.negated) return '';
  const lacking = values.filter((one) => !one.holds);
  if (lacking.length === values.length || lacking.length === 0) return '';
  const texts = lacking.slice(0, SHOWN_VALUES).map(valueText);
  const more = lacking.length > SHOWN_VALUES ? ` and ${lacking.length - SHOWN_VALUES} more` : '';
  return `; lacking is ${texts.join(' and ')}${more}`;
}
