/**
 * Records that were read, but not as whole Windows events, such as those of an exporter whose names winnow does not know. In:
 * every event of a range. Out: how many there are of each kind, with the first as an example, and one diagnostic per kind and
 * source.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EventRecord, Shape } from '../../model/event.ts';

/** What is missing. `event`: channel, provider and EventID. `data`: everything but System fields and a rendered message. */
export type GapKind = 'event' | 'channel' | 'data' | 'time';

/** Plain data, because it is sent between threads. */
export interface Gap {
  readonly kind: GapKind;
  count: number;
  /** The place of the first such record. */
  readonly index: number;
  readonly offset: number;
}

export function gapsOf(event: EventRecord, timeUs: number): GapKind[] {
  const kinds: GapKind[] = [];
  if (event.channel === '') kinds.push(event.provider === '' && event.eventId < 0 ? 'event' : 'channel');
  if (!hasData(event)) kinds.push('data');
  if (Number.isNaN(timeUs)) kinds.push('time');
  return kinds;
}

function hasData({ shape: { dataFields } }: EventRecord): boolean {
  return dataFields.size > 1 || (dataFields.size === 1 && !dataFields.has('Message'));
}

export class GapCounter {
  readonly gaps: Gap[] = [];
  /** The last shape that was seen to have data. */
  #withData: Shape | null = null;

  // HOT: called for every event.
  count(event: EventRecord, channel: string, timeUs: number): void {
    if (channel !== '' && !Number.isNaN(timeUs) && (event.shape === this.#withData || hasData(event))) {
      this.#withData = event.shape;
      return;
    }
    for (const kind of gapsOf(event, timeUs)) this.#add(kind, event);
  }

  /** Counts more events like one that was counted. */
  countMore(kinds: readonly GapKind[], events: number): void {
    for (const gap of this.gaps) if (kinds.includes(gap.kind)) gap.count += events;
  }

  #add(kind: GapKind, { index, offset }: EventRecord): void {
    const gap = this.gaps.find((each) => each.kind === kind);
    if (gap === undefined) this.gaps.push({ kind, count: 1, index, offset });
    else gap.count++;
  }
}

/** The parts of a source, in order: its gaps and the number of its first record. */
export interface GapPart {
  readonly gaps: readonly Gap[];
  readonly firstIndex: number;
}

export interface GapSource {
  readonly name: string;
  readonly format: string;
  readonly records: number;
  readonly parts: readonly GapPart[];
  /** True when the user has named the source itself, not only the folder that it is in. */
  readonly named: boolean;
}

const SHAPES = 'docs/inputs.md lists the shapes that are known. EVTX or Event XML says more than any other export.';

/** The diagnostics about the gaps of a source. */
export function gapDiagnostics({ name, format, records, parts, named }: GapSource): Diagnostic[] {
  const told: Diagnostic[] = [];
  // EVTX and XML hold all that there is, so no description of their shape is missing.
  const isWhole = format === 'evtx' || format === 'xml';
  const shapes = isWhole ? undefined : SHAPES;
  const tell = (kind: GapKind, code: string, missing: string, hint: string | undefined): number => {
    const found = parts.flatMap(({ gaps, firstIndex }) =>
      gaps.filter((gap) => gap.kind === kind).map((gap) => ({ ...gap, index: gap.index + firstIndex })),
    );
    const [first] = found;
    if (first === undefined) return 0;
    const count = found.reduce((sum, gap) => sum + gap.count, 0);
    // A file that the user has named and that holds no event is as bad as one that cannot be read.
    const severity = kind === 'event' && count === records && named ? 'error' : 'warning';
    const message = `${count} of ${records} records ${count === 1 ? 'has' : 'have'} no ${missing}`;
    const place = { file: name, record: first.index, offset: first.offset };
    // Only a record that is no event at all is lost.
    told.push({ code, severity, message, hint, place, ...(kind === 'event' ? {} : { damage: false }) });
    return count;
  };
  const unknown = tell(
    'event',
    'input/unknown-shape',
    'channel, provider or EventID in a place that is known: this is no Windows event, or an export of another shape.',
    shapes,
  );
  if (unknown === records) return told;
  tell('channel', 'input/no-channel', 'channel: rules know them by their provider only.', shapes);
  // Windows itself writes events without data, and EVTX and XML hold all that there is. So only exports of other forms are
  // reported.
  if (format === 'json' || format === 'csv')
    tell('data', 'input/no-data', 'data: nothing but System fields was recognised.', SHAPES);
  tell(
    'time',
    'input/no-time',
    'time that can be read: --from and --to let them pass.',
    'The look-back leaves them out, and so do correlations.',
  );
  return told;
}
