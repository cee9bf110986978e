/**
 * Extracts what a scheduled task runs. In: the XML of a task, as Windows logs it. Out: its commands with their arguments, and its
 * COM classes; null where it names none. The XML begins with the triggers of the task, so a cut text would tell little.
 */
import type { FieldValue } from '../../model/event.ts';
import { valueText } from '../event-text.ts';

/** Longer XML is cut. Windows writes less. */
const MAX_LENGTH = 64 << 10;
const ACTION = /<(Command|Arguments|ClassId)>([^<]*)<\//g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function taskText(content: FieldValue): string | null {
  const actions: string[] = [];
  for (const [, name, escaped = ''] of valueText(content).slice(0, MAX_LENGTH).matchAll(ACTION)) {
    const text = escaped.replace(/&(lt|gt|amp|quot|apos);/g, (_, entity: string) => ENTITIES[entity]!).trim();
    if (name === 'Arguments' && actions.length > 0) actions.push(`${actions.pop()} ${text}`);
    else if (name !== 'Arguments') actions.push(name === 'ClassId' ? `COM class ${text}` : text);
  }
  return actions.length === 0 ? null : actions.join('; ');
}
