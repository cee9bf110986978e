/**
 * Shows why a rule matched. In: the fields that it matched on. Out: for each field and value one entry with every pattern that
 * the value satisfied, and where in the value each pattern stands. Texts still have to be made harmless.
 */
import type { FieldValue } from '../model/event.ts';
import type { Match, MatchedField } from '../model/match.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { wordsOf } from './dictionary/words.ts';
import { valueText } from './event-text.ts';
import { matchedPart, type TextRange } from './matched-part.ts';
import type { Span } from './text-layout.ts';

export interface EvidenceEntry {
  /** The rule's field name, followed by the event's own where it differs: `Image (NewProcessName)`. */
  readonly name: string;
  readonly value: string;
  /** What the value means, when it is a code. */
  readonly words: string | null;
  /** Where patterns stand in the value, in order and without overlap. */
  readonly ranges: readonly TextRange[];
  /** Such as `contains "powershell"`; empty where the pattern is the whole value. */
  readonly patterns: readonly string[];
}

export function evidenceOf(match: Match): EvidenceEntry[] {
  const entries = new Map<
    string,
    { name: string; value: string; words: string | null; ranges: TextRange[]; patterns: string[] }
  >();
  for (const field of match.fields) {
    const { text, range } = shownValue(field);
    const name =
      field.eventField === undefined || field.eventField === field.name ? field.name : `${field.name} (${field.eventField})`;
    const key = `${name}\u0000${text}`;
    const entry = getOrInsert(entries, key, () => ({
      name,
      value: text,
      words: wordsOf(field.name, text, match.event),
      ranges: [],
      patterns: [],
    }));
    if (range !== null) entry.ranges.push(range);
    const pattern = patternText(field, text);
    if (pattern !== null && !entry.patterns.includes(pattern)) entry.patterns.push(pattern);
  }
  return [...entries.values()].map((entry) => ({ ...entry, ranges: merged(entry.ranges) }));
}

/** The value as text. For a field with several values, the one in which the pattern stands. */
function shownValue(field: MatchedField): { text: string; range: TextRange | null } {
  const keyword = field.name === 'keyword';
  const part = (text: string) => matchedPart(text, field.modifier, field.pattern, keyword);
  if (Array.isArray(field.value)) {
    for (const item of field.value as readonly (string | null)[]) {
      const range = item === null ? null : part(item);
      if (item !== null && range !== null) return { text: item, range };
    }
  }
  const text = shownText(field.value);
  return { text, range: typeof field.value === 'string' ? part(text) : null };
}

function shownText(value: FieldValue): string {
  if (value === null) return '(none)';
  return value === '' ? '(empty)' : valueText(value);
}

function patternText({ modifier, pattern }: MatchedField, value: string): string | null {
  if (modifier === '') return pattern === value ? null : `is ${quoted(pattern)}`;
  return `${modifier} ${quoted(pattern)}`;
}

function quoted(pattern: string): string {
  return pattern === '' || /^\s|\s$/.test(pattern) ? `"${pattern}"` : pattern;
}

function merged(ranges: readonly TextRange[]): TextRange[] {
  const out: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = out[out.length - 1];
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else out.push({ ...range });
  }
  return out;
}

/** Where a value is too long, the share of the shown text that stands before the first emphasised part. */
const CONTEXT_BEFORE = 0.3;

/**
 * A value as spans with the ranges emphasised, cut to about `length` characters around the first range. `harmless` is applied
 * to each span. No character is cut in half.
 */
export function emphasised(
  value: string,
  ranges: readonly TextRange[],
  length: number,
  harmless: (text: string) => string,
): Span[] {
  const first = ranges[0];
  let start = 0;
  let end = value.length;
  if (value.length > length) {
    start =
      first === undefined ? 0 : Math.max(0, Math.min(first.start - Math.floor(length * CONTEXT_BEFORE), value.length - length));
    end = Math.min(value.length, start + length);
    if (isLowSurrogate(value, start)) start--;
    if (isLowSurrogate(value, end)) end--;
  }
  const spans: Span[] = [];
  const add = (from: number, to: number, strong: boolean) => {
    if (from < to) spans.push({ text: harmless(value.slice(from, to)), strong });
  };
  if (start > 0) spans.push({ text: '\u2026', strong: false });
  let at = start;
  for (const range of ranges) {
    const from = Math.min(Math.max(range.start, at), end);
    const to = Math.min(Math.max(range.end, from), end);
    add(at, from, false);
    add(from, to, true);
    at = to;
  }
  add(at, end, false);
  if (end < value.length) spans.push({ text: '\u2026', strong: false });
  return spans;
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return index > 0 && index < text.length && code >= 0xdc00 && code <= 0xdfff;
}

/** Fields that add nothing to a report, because they are technical or shown elsewhere. */
const QUIET_FIELDS = new Set([
  'UtcTime',
  'RuleName',
  'EventType',
  'CreationUtcTime',
  'ProcessGuid',
  'ParentProcessGuid',
  'SourceProcessGUID',
  'TargetProcessGUID',
  'LogonGuid',
  'TerminalSessionId',
]);
/** Fields that an analyst looks at first. */
const TELLING_FIELDS = [
  'CommandLine',
  'ScriptBlockText',
  'Image',
  'NewProcessName',
  'User',
  'SubjectUserName',
  'TargetUserName',
  'ParentCommandLine',
  'ParentImage',
  'ParentProcessName',
  'IpAddress',
  'LogonType',
];

/**
 * The event's other fields as `name=value`, the most useful ones first, and the account that logged the event. Fields that
 * matched, that are empty or that are technical are left out.
 */
export function otherFields(match: Match): string[] {
  const matched = new Set(match.fields.flatMap((field) => [field.name, field.eventField]));
  const { data, system } = match.event;
  const names = [...TELLING_FIELDS.filter((name) => Object.hasOwn(data, name)), ...Object.keys(data)];
  const others = new Set<string>();
  for (const name of names) {
    if (matched.has(name) || QUIET_FIELDS.has(name)) continue;
    const value = data[name] ?? null;
    const text = valueText(value).trim();
    if (value === null || text === '' || text === '-') continue;
    const words = wordsOf(name, text, match.event);
    others.add(words === null ? `${name}=${text}` : `${name}=${text} (${words})`);
  }
  const account = matched.has('Security_UserID') ? '' : valueText(system.Security_UserID ?? '').trim();
  if (account !== '') others.add(`Security_UserID=${account}`);
  return [...others];
}
