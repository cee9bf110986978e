/**
 * Applies an event source to one event. In: an event and an `EventSource` (plain data). Out: whether the event passes the
 * source's gate, and the value that a rule field has there. Refuses nothing. This is the plain way; the matcher builds faster
 * tables from the same data and must agree with it.
 */
import { assertNever, InternalError } from '../../model/errors.ts';
import { type EventRecord, type FieldValue, fieldValue } from '../../model/event.ts';
import type { EventSource, FieldGate, FieldMapping } from '../../model/logsource.ts';
import { catalog } from './catalog.ts';
import type { Derivation } from './family.ts';
import { textsOf } from './values.ts';

/**
 * The channel of a log collector. Its events came from other channels, but some exporters overwrite the name of the original
 * channel with this one.
 */
const COLLECTOR_CHANNEL = 'forwardedevents';

/**
 * The channel name that gates are compared with, in lower case. It is '' when the event does not say which channel it was
 * written to; then the provider decides. Undoes what exporters do to names: `Microsoft-Windows-Sysmon%4Operational` is the name
 * of the log's file, and Splunk writes `WinEventLog:Security`.
 */
export function gateChannel(channel: string): string {
  let name = channel.trim().toLowerCase();
  if (name.includes('%4')) name = name.replaceAll('%4', '/');
  if (name.startsWith('xmlwineventlog:')) name = name.slice(15);
  else if (name.startsWith('wineventlog:')) name = name.slice(12);
  return name === COLLECTOR_CHANNEL ? '' : name;
}

/**
 * True when the event is of the kind that `source` describes. This depends on the event's own System values, never on a file
 * name.
 */
export function passesGate(event: EventRecord, source: EventSource): boolean {
  if (source.eventIds.length > 0 && !source.eventIds.includes(event.eventId)) return false;
  return passesChannel(event, source) && passesWhen(event, source);
}

function passesChannel(event: EventRecord, source: EventSource): boolean {
  if (source.channels.length === 0 && source.providers.length === 0) return true;
  const channel = gateChannel(event.channel);
  if (channel !== '' && source.channels.length > 0) return source.channels.includes(channel);
  return source.providers.includes(event.provider.trim().toLowerCase());
}

/** Checks only the `when` gates. They remain once channel, provider and EventID are known to fit. */
export function passesWhen(event: EventRecord, source: EventSource): boolean {
  for (const gate of source.when) if (!passesFieldGate(fieldValue(event, gate.field), gate)) return false;
  return true;
}

/** One `when` gate on the value of its field. */
export function passesFieldGate(value: FieldValue | undefined, gate: FieldGate): boolean {
  if (value === undefined) return gate.required !== true;
  if (gate.values.length === 0) return true;
  // Every registry event comes through here, so the usual spelling is compared first: that allocates nothing.
  if (typeof value === 'string' && gate.values.includes(value)) return true;
  return textsOf(value).some((text) => gate.values.some((wanted) => wanted.toLowerCase() === text.toLowerCase()));
}

/** The value of rule field `name` in `event`, as the source's field map reads it. Undefined when there is no such field. */
export function mappedFieldValue(event: EventRecord, source: EventSource, name: string): FieldValue | undefined {
  const mapping = mappingOf(source, name);
  if (mapping === undefined) return fieldValue(event, name);
  switch (mapping.kind) {
    case 'rename':
      return fieldValue(event, mapping.from);
    case 'derive':
      return derivedValue(
        mapping.derivation,
        mapping.from.map((field) => fieldValue(event, field)),
      );
    case 'absent':
      return undefined;
    default:
      return assertNever(mapping);
  }
}

/** Where rule field `name` comes from; undefined when it is the event's own field. Field names are case-sensitive. */
export function mappingOf(source: EventSource, name: string): FieldMapping | undefined {
  return Object.hasOwn(source.fields, name) ? source.fields[name] : undefined;
}

/** Runs the derivation with that id on the values of the fields in its `from`. Pure: equal values give equal results. */
export function derivedValue(id: string, values: readonly (FieldValue | undefined)[]): FieldValue | undefined {
  const { derivation, argument } = derivationOf(id);
  return derivation(values, argument);
}

/** `blob-line:HostName` -> the function of `blob-line` and its argument `HostName`. */
export function derivationOf(id: string): { readonly derivation: Derivation; readonly argument: string } {
  const colon = id.indexOf(':');
  const name = colon < 0 ? id : id.slice(0, colon);
  const derivation = catalog.derivations.get(name);
  if (derivation === undefined) throw new InternalError(`no log source family defines the derivation "${name}"`);
  return { derivation, argument: colon < 0 ? '' : id.slice(colon + 1) };
}

/**
 * Every text value of an event, for keyword searches: System values first, then EventData or UserData, in document order. Field
 * names are not searched. Includes System values even where a data field of the same name takes their place in `fields`.
 */
export function allValues(event: EventRecord): readonly string[] {
  const texts: string[] = [];
  for (const fields of [event.shape.systemFields, event.shape.dataFields]) {
    for (const slots of fields.values()) for (const slot of slots) texts.push(...textsOf(event.value(slot)));
  }
  return texts;
}
