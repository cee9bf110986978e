/**
 * Says in words what a detection item matches, after its modifiers have been applied. In: an item of a parsed rule. Out:
 * Markdown.
 */
import { assertNever } from '../model/errors.ts';
import type { DetectionItem, Pattern } from '../model/rule.ts';
import { modifierNamed } from '../sigma/modifiers/modifiers.ts';

/** How many values are written out, and how many forms of one value. */
const SHOWN_VALUES = 8;
const SHOWN_FORMS = 6;
const SHOWN_LENGTH = 120;

export function itemWords(item: DetectionItem): string {
  const { field, values, linking, negated, modifiers } = item;
  const subject = field === null ? 'any value of the event' : code(field);
  const link = linking === 'all' ? 'all of these hold' : 'one of these holds';
  const shown = values.slice(0, SHOWN_VALUES).map(({ pattern, source }) => patternWords(pattern, source, field === null));
  const more = values.length > SHOWN_VALUES ? [`${values.length - SHOWN_VALUES} more`] : [];
  const not = negated ? '**not**: ' : '';
  const lines =
    values.length === 1
      ? [`${not}${subject} ${shown[0]}`]
      : [`${not}${subject}: ${link}`, ...[...shown, ...more].map((words) => `- ${words}`)];
  return [lines.join('\n'), ...modifiers.map(modifierWords)].join('\n\n');
}

export function modifierWords(name: string): string {
  const modifier = modifierNamed(name);
  return modifier === undefined ? '' : `${code(name)}: ${modifier.summary}`;
}

/** `source` is the value as written. */
function patternWords(pattern: Pattern, source: string, isKeyword: boolean): string {
  switch (pattern.kind) {
    case 'text':
      return textWords(pattern, isKeyword);
    case 'number':
      return `is the number ${pattern.decimal}`;
    case 'boolean':
      return `is ${pattern.value} (in any case)`;
    case 'null':
      return 'is absent, null or an empty list';
    case 'exists':
      return pattern.value ? 'exists, also when it is empty' : 'does not exist';
    case 'regex':
      return `has a part that matches ${code(`/${pattern.source}/${pattern.flags}`)}`;
    case 'fieldref':
      return `${VERBS[pattern.mode]} the value of ${code(pattern.field)}${pattern.cased ? ' (in the same case)' : ''}`;
    case 'test':
      return `passes ${code(`${pattern.modifier} ${source}`)}`;
    case 'any': {
      const shown = pattern.of.slice(0, SHOWN_FORMS).map((one) => patternWords(one, source, isKeyword));
      const more = pattern.of.length - shown.length;
      return `${shown.join(' or ')}${more > 0 ? ` or ${more} more forms` : ''}`;
    }
    default:
      return assertNever(pattern);
  }
}

const VERBS = { equals: 'equals', contains: 'contains', startswith: 'begins with', endswith: 'ends with' } as const;

/** The verb expresses stars at the ends. What stands between them is shown as a rule writes it. */
function textWords({ parts, cased }: Extract<Pattern, { kind: 'text' }>, isKeyword: boolean): string {
  const isStar = (part: unknown): boolean => typeof part === 'object' && (part as { wildcard: string }).wildcard === '*';
  if (parts.length === 1 && isStar(parts[0])) return 'has any text';
  const open = parts.length > 1 && isStar(parts[0]);
  const closed = parts.length > 1 && isStar(parts.at(-1));
  const inner = parts.slice(open ? 1 : 0, closed ? -1 : undefined);
  const text = inner.map((part) => (typeof part === 'string' ? part.replace(/[*?]/g, '\\$&') : part.wildcard)).join('');
  const verb = isKeyword || (open && closed) ? 'contains' : open ? 'ends with' : closed ? 'begins with' : 'is';
  return `${text === '' ? `${verb} the empty text` : `${verb} ${code(text)}`}${cased ? ' (in the same case)' : ''}`;
}

/** Text as code in Markdown, whatever characters a rule has in it. */
export function code(text: string): string {
  const line = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
  const safe = line.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 || safe.trim() !== safe ? `${fence} ${safe} ${fence}` : `${fence}${safe}${fence}`;
}
