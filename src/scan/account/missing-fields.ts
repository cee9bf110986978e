/**
 * Fields that every event of a kind has on Windows and that no event of a log has: an exporter left them out, or wrote them under
 * names that winnow does not know. In: every event of a range. Out: counts per kind, and one diagnostic per kind and source.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EventRecord } from '../../model/event.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const POWERSHELL = 'Microsoft-Windows-PowerShell/Operational';

/** For each channel, its name in the summary, and by EventID the fields that rules ask for, the most important one first. */
const KINDS: Readonly<Record<string, { readonly name: string; readonly fields: Readonly<Record<number, readonly string[]>> }>> = {
  [SYSMON]: {
    name: 'Sysmon',
    fields: {
      1: ['Image', 'CommandLine', 'ParentImage'],
      2: ['Image', 'TargetFilename'],
      3: ['Image', 'DestinationIp', 'DestinationPort'],
      5: ['Image'],
      6: ['ImageLoaded', 'Signed'],
      7: ['Image', 'ImageLoaded'],
      8: ['SourceImage', 'TargetImage'],
      9: ['Image', 'Device'],
      10: ['SourceImage', 'TargetImage', 'GrantedAccess'],
      11: ['Image', 'TargetFilename'],
      12: ['Image', 'TargetObject'],
      13: ['Image', 'TargetObject', 'Details'],
      14: ['Image', 'TargetObject'],
      15: ['Image', 'TargetFilename'],
      17: ['Image', 'PipeName'],
      18: ['Image', 'PipeName'],
      20: ['Destination'],
      22: ['Image', 'QueryName'],
      23: ['Image', 'TargetFilename'],
      25: ['Image'],
      26: ['Image', 'TargetFilename'],
    },
  },
  [POWERSHELL]: { name: 'PowerShell', fields: { 4103: ['Payload', 'ContextInfo'], 4104: ['ScriptBlockText'] } },
  Security: {
    name: 'Security',
    fields: {
      4624: ['LogonType', 'TargetUserName'],
      4625: ['LogonType', 'TargetUserName'],
      4648: ['TargetUserName'],
      4663: ['ObjectName'],
      4688: ['NewProcessName'],
      4697: ['ServiceName', 'ServiceFileName'],
      4698: ['TaskName'],
      4720: ['TargetUserName'],
      4768: ['TargetUserName'],
      4769: ['ServiceName', 'TicketEncryptionType'],
      5145: ['ShareName', 'RelativeTargetName'],
    },
  },
  System: { name: 'System', fields: { 7045: ['ServiceName', 'ImagePath'] } },
};

/**
 * Limit on the shapes whose fields are looked up. A log with more was made to exhaust memory; the rest of its events is not
 * counted.
 */
const MAX_SHAPES = 100_000;

/** Events of one kind. Plain data, because it is sent between threads. */
export interface KindCount {
  readonly kind: string;
  readonly fields: readonly string[];
  /** By field: how many events lack it. */
  readonly without: number[];
  events: number;
  /** The place of the first event. */
  readonly index: number;
  readonly offset: number;
}

/** What was found of a shape the last time. */
interface Known extends AlikeFields {
  readonly channel: string;
  readonly eventId: number;
}

export interface AlikeFields {
  /** null for a kind whose fields are not checked. */
  readonly count: KindCount | null;
  /** Numbers of the fields that the shape lacks. */
  readonly absent: readonly number[];
}

export class FieldCounter {
  readonly counts: KindCount[] = [];
  readonly #byShape: (Known | undefined)[] = [];

  // HOT: called for every event.
  count(event: EventRecord, channel: string): void {
    const known = this.alike(event, channel);
    if (known !== null) this.countMore(known, 1);
  }

  /** How to count events with the shape, channel and EventID of this one; null when they are not counted. */
  alike(event: EventRecord, channel: string): AlikeFields | null {
    const { id } = event.shape;
    let known = this.#byShape[id];
    if (known === undefined || known.eventId !== event.eventId || known.channel !== channel) {
      if (id >= MAX_SHAPES) return null;
      known = this.#lookUp(event, channel);
      this.#byShape[id] = known;
    }
    return known;
  }

  countMore({ count, absent }: AlikeFields, events: number): void {
    if (count === null) return;
    count.events += events;
    for (let i = 0; i < absent.length; i++) count.without[absent[i]!]! += events;
  }

  #lookUp(event: EventRecord, channel: string): Known {
    const { eventId, shape } = event;
    const fields = KINDS[channel]?.fields[eventId];
    if (fields === undefined) return { channel, eventId, count: null, absent: [] };
    const kind = `${KINDS[channel]!.name} ${eventId}`;
    let count = this.counts.find((each) => each.kind === kind);
    if (count === undefined) {
      count = { kind, fields, without: fields.map(() => 0), events: 0, index: event.index, offset: event.offset };
      this.counts.push(count);
    }
    return { channel, eventId, count, absent: fields.flatMap((name, i) => (shape.fields.has(name) ? [] : [i])) };
  }
}

/** The diagnostics about the parts of a source, which come in order, each with the number of its first record. */
export function fieldDiagnostics(
  name: string,
  parts: readonly { readonly kinds: readonly KindCount[]; readonly firstIndex: number }[],
): Diagnostic[] {
  const found = parts.flatMap(({ kinds, firstIndex }) => kinds.map((count) => ({ ...count, index: count.index + firstIndex })));
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return kinds.flatMap((kind): Diagnostic[] => {
    const counts = found.filter((count) => count.kind === kind);
    const [first] = counts;
    const events = counts.reduce((sum, count) => sum + count.events, 0);
    const missing = first!.fields.filter((_, i) => counts.reduce((sum, count) => sum + count.without[i]!, 0) === events);
    // A small export of chosen fields is in order as long as it has the field that matters most.
    if (missing[0] !== first!.fields[0]) return [];
    return [
      {
        code: 'input/no-field',
        severity: 'warning',
        message: `${kind}: no ${missing.join(', ')} in ${events} of ${events} records.`,
        hint: 'Rules that ask for it find nothing here: the exporter left it out or renamed it.',
        place: { file: name, record: first!.index, offset: first!.offset },
        damage: false,
      },
    ];
  });
}
