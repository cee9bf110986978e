/**
 * Explains a place in a rule. In: a text, an offset, the rule that was parsed from the text, and the findings at the place. Out:
 * Markdown, or null. Names and modifiers are explained even in a text that cannot be parsed because it is still being written.
 */
import { lintRuleNamed } from '../lint/catalog.ts';
import type { LintDocument } from '../lint/document.ts';
import { techniqueNames } from '../lint/knowledge/attack-names.ts';
import type { LintFinding } from '../lint/lint.ts';
import type { LintSource } from '../lint/lint-source.ts';
import type { EventSource } from '../model/logsource.ts';
import type { Detection, DetectionItem, DetectionRule } from '../model/rule.ts';
import { wordsOf } from '../report/dictionary/words.ts';
import { mappingOf } from '../sigma/logsource/fields.ts';
import { modifierNamed } from '../sigma/modifiers/modifiers.ts';
import type { YamlEntry, YamlNode, YamlScalar } from '../sigma/yaml/yaml.ts';
import { code, itemWords, modifierWords } from './item-words.ts';
import type { KnownNames } from './known-names.ts';
import { cursorAt, lineAt } from './outline.ts';

export interface HoverContext {
  readonly source: LintSource | undefined;
  /** The findings at the offset. */
  readonly findings: readonly LintFinding[];
  readonly names: KnownNames;
}

export function hoverText(text: string, offset: number, { source, findings, names }: HoverContext): string | null {
  const parts = [...findings.map(findingText), meaning(text, offset, source, names)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n\n---\n\n');
}

function findingText({ code: id }: LintFinding): string | null {
  return lintRuleText(id);
}

function lintRuleText(id: string): string | null {
  const rule = lintRuleNamed(id);
  return rule === undefined ? null : `**${rule.id}**: ${rule.summary}\n\n${rule.why}`;
}

function meaning(text: string, offset: number, source: LintSource | undefined, names: KnownNames): string | null {
  const word = wordAt(text, offset);
  const ofComment = commentText(text, offset, word);
  if (ofComment !== null) return ofComment;
  const [top] = cursorAt(text, offset).path;
  if (top === 'tags') return tagText(word);
  const document = source?.documents.findLast(({ root }) => root.start <= offset) ?? source?.documents[0];
  const rule = document?.rule;
  if (document !== undefined && rule?.kind === 'detection') {
    const sources = names.sources(rule.logsource);
    if (top === 'logsource' || word === 'logsource') return logSourceText(sources);
    const found = itemAt(document, rule, offset);
    if (found !== null) return itemText(found, word, sources);
  }
  return modifierNamed(word) !== undefined && text[offsetOfWord(text, offset) - 1] === '|' ? modifierWords(word) : null;
}

function offsetOfWord(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\w.-]/.test(text[start - 1]!)) start--;
  return start;
}

function wordAt(text: string, offset: number): string {
  const start = offsetOfWord(text, offset);
  return /^[\w.-]*/.exec(text.slice(start, start + 200))![0];
}

/** The lint rule that a comment switches off. */
function commentText(text: string, offset: number, word: string): string | null {
  return lineAt(text, offset).text.includes('winnow-disable') ? lintRuleText(word) : null;
}

function tagText(tag: string): string | null {
  const id = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1]?.toUpperCase();
  if (id === undefined) return null;
  const name = techniqueNames().get(id);
  if (name === undefined) return null;
  const parent = id.includes('.') ? techniqueNames().get(id.slice(0, 5)) : undefined;
  return `**${id}** ${parent === undefined ? '' : `${parent}: `}${name}\n\nhttps://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
}

function logSourceText(sources: readonly EventSource[]): string | null {
  if (sources.length === 0) return 'No Windows event log serves this log source.';
  return ['Events that serve this log source:', ...sources.map((source) => `- ${sourceText(source)}`)].join('\n');
}

/** With more EventIDs than this, they are counted. */
const MAX_IDS = 12;

function sourceText({ via, channels, eventIds, when }: EventSource): string {
  const ids =
    eventIds.length === 0
      ? 'any EventID'
      : eventIds.length > MAX_IDS
        ? `${eventIds.length} EventIDs`
        : `EventID ${eventIds.join(', ')}`;
  const gates = when.map(({ field, values }) => `, ${code(field)} ${values.map(code).join(' or ') || 'present'}`).join('');
  return `${code(via)}: ${channels.length === 0 ? 'any channel' : channels.map(code).join(' or ')}, ${ids}${gates}`;
}

interface FoundItem {
  readonly item: DetectionItem;
  readonly value: YamlScalar | null;
}

/** The item whose key or value is at an offset. */
function itemAt(document: LintDocument, rule: DetectionRule, offset: number): FoundItem | null {
  const line = document.file.lines.span(offset).line;
  for (const item of Object.values(rule.selections).flatMap((selection) => [...itemsOf(selection)])) {
    const entry = document.entryAt(item.span);
    if (entry !== undefined && item.field !== null) {
      if (holds(entry, offset)) return { item, value: scalarAt(entry.value, offset) };
    } else if (item.values.some(({ span }) => span.line === line)) return { item, value: null };
  }
  return null;
}

function* itemsOf(detection: Detection): Iterable<DetectionItem> {
  if (detection.kind === 'item') yield detection;
  else for (const part of detection.of) yield* itemsOf(part);
}

function holds({ key, value }: YamlEntry, offset: number): boolean {
  return (offset >= key.start && offset <= key.end) || (offset >= value.start && offset <= value.end);
}

function scalarAt(node: YamlNode, offset: number): YamlScalar | null {
  if (node.kind === 'list') return node.items.map((item) => scalarAt(item, offset)).find((found) => found !== null) ?? null;
  return node.kind === 'scalar' && offset >= node.start && offset <= node.end ? node : null;
}

/** On the key of an item, the text says what the whole item matches. On one of its values, it says what that value matches. */
function itemText({ item, value }: FoundItem, word: string, sources: readonly EventSource[]): string {
  const at = value === null ? -1 : item.values.findIndex((one) => one.source === value.text);
  const shown = at < 0 || item.negated ? item : { ...item, values: [item.values[at]!] };
  const meaning = value === null || item.field === null ? null : wordsOf(item.field, value.text, { Channel: '', EventID: null });
  const field = item.field !== null && word === item.field ? fieldText(item.field, sources) : null;
  return [itemWords(shown), meaning === null ? null : `${code(value!.text)}: ${meaning}`, field]
    .filter((part) => part !== null)
    .join('\n\n');
}

/** For each kind of event that does not have the field as its own, where the field comes from. */
function fieldText(field: string, sources: readonly EventSource[]): string | null {
  const lines = sources.flatMap((source): string[] => {
    const mapping = mappingOf(source, field);
    if (mapping === undefined) return [];
    if (mapping.kind === 'absent') return [`- ${code(source.via)}: has no such field`];
    const from = mapping.kind === 'rename' ? code(mapping.from) : `made from ${mapping.from.map(code).join(', ')}`;
    return [`- ${code(source.via)}: ${from}`];
  });
  return lines.length === 0 ? null : [`${code(field)} in events:`, ...lines].join('\n');
}
