/**
 * Notes about WMI event subscriptions: which filter runs which consumer, whether their names agree, what is run (decoded), and
 * how long the subscription existed. In: the records of an alert and the events around it (Sysmon 19/20/21, WMI-Activity 5861).
 * Out: lines of text, which printers must make harmless, because they contain text from logs.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { scalars } from '../correlate/field-tuples.ts';
import { snapshotField } from '../store/match-fields.ts';
import { snapshotRecord } from '../store/snapshot-record.ts';
import { decodedPayloads } from './payloads.ts';
import { referencedNames, unquoted, wmiPartOf } from './wmi-names.ts';

/** Limits on the lines per alert and on the characters of a value in a line. */
const MAX_NOTES = 24;
const MAX_VALUE = 1000;

interface Part {
  readonly part: 'filter' | 'consumer' | 'binding';
  readonly event: EventSnapshot;
  /** The name of a filter or consumer. */
  readonly name: string;
  /** The consumer and the filter that a binding connects. */
  readonly consumer: string;
  readonly filter: string;
  readonly operation: string;
}

/**
 * `records` are those of the alert. `around` is what look-back shows; it is null without look-back, and then no part is called
 * missing. Empty when the records are not about a subscription.
 */
export function wmiNotes(records: readonly EventSnapshot[], around: readonly EventSnapshot[] | null): readonly string[] {
  const own = partsOf(records);
  const native = records.filter((event) => wmiPartOf(snapshotRecord(event)) === 'native');
  if (own.length + native.length === 0) return [];
  const all = [...own, ...partsOf(around ?? [])].sort((a, b) => a.event.timeUs - b.event.timeUs);
  const notes = [...own.flatMap((part) => (part.part === 'binding' ? linkNotes(part, all, around !== null) : []))];
  for (const part of named(own, all)) notes.push(...contentNotes(part), ...historyNotes(part, all));
  for (const event of native) notes.push(...nativeNotes(event));
  return [...new Set(notes)].slice(0, MAX_NOTES);
}

function partsOf(events: readonly EventSnapshot[]): readonly Part[] {
  return events.flatMap((event): Part[] => {
    const part = wmiPartOf(snapshotRecord(event));
    if (part === null || part === 'native') return [];
    return [
      {
        part,
        event,
        name: part === 'binding' ? '' : unquoted(textOf(event, 'Name')),
        consumer: referencedNames(snapshotField(event, 'Consumer'))[0] ?? '',
        filter: referencedNames(snapshotField(event, 'Filter'))[0] ?? '',
        operation: textOf(event, 'Operation').trim(),
      },
    ];
  });
}

/** The filters and consumers of the alert, and those that its bindings name, each once. */
function named(own: readonly Part[], all: readonly Part[]): readonly Part[] {
  const wanted = new Set<string>();
  for (const { part, name, consumer, filter } of own) {
    if (part !== 'binding') wanted.add(keyOf(part, name));
    else wanted.add(keyOf('consumer', consumer)).add(keyOf('filter', filter));
  }
  const found = new Map<string, Part>();
  for (const each of all) {
    const key = keyOf(each.part, each.name);
    if (each.part === 'binding' || !wanted.has(key)) continue;
    // The registration tells more than the removal. Of several registrations the first counts.
    const known = found.get(key);
    if (known === undefined || (isRemoval(known) && !isRemoval(each))) found.set(key, each);
  }
  return [...found.values()];
}

function keyOf(part: string, name: string): string {
  return `${part} ${name.toLowerCase()}`;
}

function isRemoval({ operation }: Part): boolean {
  return operation.toLowerCase() === 'deleted';
}

/** Whether the three parts name each other. `looked` says whether parts missing from `all` have been looked for. */
function linkNotes(binding: Part, all: readonly Part[], looked: boolean): readonly string[] {
  const notes = [`binding ties filter "${clip(binding.filter)}" to consumer "${clip(binding.consumer)}"`];
  for (const part of ['filter', 'consumer'] as const) {
    const name = part === 'filter' ? binding.filter : binding.consumer;
    const registered = all.filter((each) => each.part === part && !isRemoval(each));
    const names = [...new Set(registered.map((each) => each.name).filter((each) => each !== ''))];
    if (names.some((each) => each.toLowerCase() === name.toLowerCase())) {
      notes.push(`names agree: ${part} "${clip(name)}" was registered within the window`);
    } else if (names.length > 0) {
      const others = names.map((each) => `"${clip(each)}"`).join(', ');
      notes.push(`names differ: the binding names ${part} "${clip(name)}", registered within the window: ${others}`);
    } else if (registered.length > 0) {
      notes.push(`not checked: a ${part} was registered within the window, but its record does not give the name`);
    } else if (looked) {
      notes.push(`${part} "${clip(name)}" was not registered within the window`);
    }
  }
  return notes;
}

/** What a filter waits for, what a consumer runs. */
function contentNotes({ part, event, name }: Part): readonly string[] {
  const notes: string[] = [];
  if (part === 'filter') {
    const query = unquoted(textOf(event, 'Query'));
    const namespace = unquoted(textOf(event, 'EventNamespace'));
    if (query !== '')
      notes.push(`filter "${clip(name)}" waits for: ${clip(query)}${namespace === '' ? '' : ` (in ${clip(namespace)})`}`);
  } else {
    const destination = unquoted(textOf(event, 'Destination'));
    const type = textOf(event, 'Type').trim();
    if (destination !== '') notes.push(`consumer "${clip(name)}"${type === '' ? '' : ` (${type})`} runs: ${clip(destination)}`);
    for (const payload of decodedPayloads(destination)) notes.push(`consumer "${clip(name)}" holds base64 of: ${clip(payload)}`);
  }
  const user = textOf(event, 'User').trim();
  if (user !== '' && notes.length > 0) notes[0] += ` · by ${clip(user)}`;
  return notes;
}

/** When it was created, changed and removed, and how long it existed. */
function historyNotes({ part, name }: Part, all: readonly Part[]): readonly string[] {
  const history = all.filter((each) => keyOf(each.part, each.name) === keyOf(part, name) && each.operation !== '');
  if (history.length < 2) return [];
  const steps = history.map(({ operation, event }) => `${operation} ${event.TimeCreated?.slice(11, 23) ?? 'at an unknown time'}`);
  const removal = history.find(isRemoval);
  const seconds = removal === undefined ? Number.NaN : (removal.event.timeUs - history[0]!.event.timeUs) / 1e6;
  const lifetime = seconds > 0 ? `; removed after ${seconds.toFixed(1)} s` : '';
  return [`${part} "${clip(name)}": ${steps.slice(0, 8).join(', ')}${lifetime}`];
}

/** An event 5861 of WMI-Activity has the whole definition. */
function nativeNotes(event: EventSnapshot): readonly string[] {
  const notes: string[] = [];
  const consumer = textOf(event, 'CONSUMER').trim();
  if (consumer !== '') notes.push(`WMI service bound consumer ${clip(consumer)} to filter ${clip(textOf(event, 'ESS').trim())}`);
  const cause = textOf(event, 'PossibleCause');
  for (const payload of decodedPayloads(cause)) notes.push(`the definition holds base64 of: ${clip(payload)}`);
  return notes;
}

function textOf(event: EventSnapshot, field: string): string {
  return scalars(snapshotField(event, field))[0] ?? '';
}

function clip(text: string): string {
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}... (${text.length} characters)`;
}
