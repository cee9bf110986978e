/**
 * Writes the documents that a migration adds behind a rule. In: the rule and what is new. Out: text in the layout of the rule:
 * its head is taken over line by line, comments included. Refuses rules that are not written one key a line.
 */
import { createHash } from 'node:crypto';
import type { LintDocument } from '../lint/document.ts';
import { plainScalar } from '../lint/facts/edits.ts';
import type { TextEdit } from '../lint/lint-rule.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../sigma/yaml/yaml.ts';

export interface Draft {
  /** What follows the title of the rule in the title of the new document. */
  readonly suffix: string;
  readonly body:
    | { readonly kind: 'correlation'; readonly lines: readonly string[] }
    /** A rule with this selection alone. */
    | { readonly kind: 'selection'; readonly selection: YamlEntry };
}

export interface Layout {
  /** The indentation of the rule's own selections. */
  readonly indent: string;
  readonly newline: string;
  /** Where the document ends and new ones begin, and what must be written there before them. */
  readonly end: number;
  readonly lead: string;
  idOf(draft: Draft): string;
}

/** Keys that a new document does not take over: it has its own, or they belong to the rule alone. */
const OWN = new Set(['title', 'id', 'name', 'related', 'fields']);
/** A longer title breaks the schema of the specification. */
const MAX_TITLE = 256;

/** null for a rule that is not written one key a line. */
export function layoutOf(document: LintDocument, root: YamlMap, detection: YamlMap): Layout | null {
  const { text } = document.file;
  if (root.flow || detection.flow || document.scalar('title') === undefined) return null;
  if (root.entries.some(({ key }) => document.spanOf(key).column !== 1)) return null;
  const next = /^(?:---|\.\.\.)/m.exec(text.slice(root.end));
  const end = next === null ? text.length : root.end + next.index;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(document.spanOf(detection.entries[0]!.key).column - 1);
  const source = identity(document);
  return {
    indent,
    newline,
    end,
    lead: text[end - 1] === '\n' ? '' : newline,
    idOf: (draft) => uuidOf(`${source}\n${draft.suffix}`),
  };
}

function identity(document: LintDocument): string {
  return document.scalar('id')?.text.toLowerCase() ?? `${document.file.path}\n${document.scalar('title')?.text}`;
}

/** A UUID of version 5 (RFC 9562), made of a text: the same rule gets the same id each time. */
function uuidOf(text: string): string {
  const bytes = createHash('sha1').update('winnow migrate\n').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** How a correlation refers to the rule. A rule without name and id gets a name, behind its title. */
export function referenceTo(
  document: LintDocument,
  root: YamlMap,
  { newline }: Layout,
): { readonly reference: string; readonly edits: readonly TextEdit[] } {
  const known = document.scalar('name')?.text || document.scalar('id')?.text;
  if (known) return { reference: known, edits: [] };
  const title = root.entries.find(({ key }) => key.text === 'title')!;
  const name = title.value.kind === 'scalar' ? title.value.text.toLowerCase().replace(/[^a-z\d]+/g, '_') : '';
  const at = lineEnd(document, title.value);
  return { reference: name, edits: [{ start: at, end: at, text: `${newline}name: ${plainScalar(name)}` }] };
}

/** The document with `---` before it. */
export function writeDocument(document: LintDocument, root: YamlMap, draft: Draft, layout: Layout): string {
  const { indent } = layout;
  const lines = ['---'];
  const id = document.scalar('id')?.text;
  for (const entry of root.entries) {
    const { text: key } = entry.key;
    if (key === 'title') {
      lines.push(`title: ${plainScalar(titleOf(document, draft))}`, `id: ${layout.idOf(draft)}`);
      if (id) lines.push('related:', `${indent}- id: ${id}`, `${indent}  type: derived`);
    } else if (key === 'detection') lines.push(...bodyLines(document, draft, layout));
    else if (!OWN.has(key) && (key !== 'logsource' || draft.body.kind === 'selection')) lines.push(linesOf(document, entry));
  }
  return `${lines.join(layout.newline)}${layout.newline}`;
}

function titleOf(document: LintDocument, { suffix }: Draft): string {
  const end = ` - ${suffix}`;
  return (
    document
      .scalar('title')!
      .text.replace(/\s+/g, ' ')
      .slice(0, MAX_TITLE - end.length) + end
  );
}

function bodyLines(document: LintDocument, { body }: Draft, { indent }: Layout): readonly string[] {
  if (body.kind === 'correlation') return body.lines;
  const { key } = body.selection;
  return ['detection:', indent + linesOf(document, body.selection), `${indent}condition: ${plainScalar(key.text)}`];
}

/** An entry as written, to the end of its last line. */
function linesOf(document: LintDocument, { key, value }: YamlEntry): string {
  return document.file.text.slice(key.start, lineEnd(document, value)).trimEnd();
}

function lineEnd({ file: { text } }: LintDocument, value: YamlNode): number {
  // A block scalar ends behind its line break.
  const at = text.indexOf('\n', text[value.end - 1] === '\n' ? value.end - 1 : value.end);
  if (at < 0) return text.length;
  return text[at - 1] === '\r' ? at - 1 : at;
}
