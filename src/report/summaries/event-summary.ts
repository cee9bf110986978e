/**
 * Describes an event in one line: who did what, which process started it, and from where. In: an event. Out: the line,
 * whichever fields the rule matched. Events without a template get the text of `eventText`. The text comes from the log and
 * still has to be made harmless.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { wordsOf } from '../dictionary/words.ts';
import { eventText, presentValue } from '../event-text.ts';
import { taskText } from './task-text.ts';
import { TEMPLATES } from './templates.ts';

export interface EventSummary {
  /** The account that did it, without its domain; '' where the event does not name it. */
  readonly who: string;
  readonly what: string;
}

type Piece = { readonly text: string } | { readonly field: string; readonly form: string };
interface Part {
  readonly pieces: readonly Piece[];
  readonly optional: boolean;
}

const HOLE = /\{([^}:]+)(?::(\w+))?\}/g;

const templates = new Map<string, readonly Part[]>();

export function eventSummary(event: EventSnapshot): EventSummary {
  const who = whoOf(event);
  for (const template of templatesOf(event)) {
    const what = filled(partsOf(template), event);
    if (what !== null) return { who, what };
  }
  return { who, what: eventText(event) };
}

/** Fields that name who did it. The first that has a value is used. */
const WHO = ['User', 'SubjectUserName', 'SourceUser', 'AccountName', 'UserName'];

/** The account without its domain. For a cleared log, Windows writes it in UserData. */
function whoOf(event: EventSnapshot): string {
  for (const field of WHO) {
    const value = presentValue(event, field);
    // In 7045, AccountName is the account of the new service, which has not done anything yet.
    if (value !== null && !(field === 'AccountName' && event.EventID === 7045)) return shortUser(value);
  }
  return '';
}

/** `CORP\bob` -> `bob`. */
export function shortUser(name: string): string {
  return name.slice(name.lastIndexOf('\\') + 1);
}

function templatesOf({ Channel, EventID }: EventSnapshot): readonly string[] {
  const channel = Channel.toLowerCase();
  const own = Object.hasOwn(TEMPLATES, channel) ? TEMPLATES[channel]! : {};
  return EventID !== null && Object.hasOwn(own, EventID) ? own[EventID]! : [];
}

function partsOf(template: string): readonly Part[] {
  return getOrInsert(templates, template, () =>
    template.split(/[[\]]/).map((text, i) => ({ pieces: piecesOf(text), optional: i % 2 === 1 })),
  );
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const hole of text.matchAll(HOLE)) {
    if (hole.index > at) pieces.push({ text: text.slice(at, hole.index) });
    pieces.push({ field: hole[1]!, form: hole[2] ?? '' });
    at = hole.index + hole[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** null when a required field is absent or empty. */
function filled(parts: readonly Part[], event: EventSnapshot): string | null {
  let text = '';
  for (const { pieces, optional } of parts) {
    const values = pieces.map((piece) => ('text' in piece ? piece.text : shownAs(piece.form, piece.field, event)));
    if (!values.includes(null)) text += values.join('');
    else if (!optional) return null;
  }
  return text;
}

/** A command line may leave the program out, or name another one: then its name stands in front. */
function namedCommand(command: string, event: EventSnapshot): string {
  const image = presentValue(event, 'Image') ?? presentValue(event, 'NewProcessName') ?? '';
  const name = image.slice(image.lastIndexOf('\\') + 1);
  const stem = name.replace(/\.\w{1,4}$/, '').toLowerCase();
  return command.toLowerCase().includes(stem) ? command : `(${name}) ${command}`;
}

function shownAs(form: string, field: string, event: EventSnapshot): string | null {
  const value = presentValue(event, field);
  if (value === null) return null;
  switch (form) {
    case 'name':
      return value.slice(Math.max(value.lastIndexOf('\\'), value.lastIndexOf('/')) + 1);
    case 'object':
      return value.replace(/^"|"$/g, '').replaceAll('\\"', '"').replaceAll('\\\\', '\\');
    case 'list':
      return value.replace(/\s+/g, ' ');
    case 'task':
      return taskText(event.data[field] ?? null) ?? value;
    case 'words': {
      const words = wordsOf(field, value, event);
      return words === null ? value : `${value} (${words})`;
    }
    case 'command':
      return namedCommand(value, event);
    case 'meaning':
      return wordsOf(field, value, event) ?? value;
    default:
      return value;
  }
}
