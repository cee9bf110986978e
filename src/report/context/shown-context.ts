/**
 * Keeps track of what a report has shown. In: alerts in the order in which they are shown. Out: for each alert, the related
 * events and notes that have not been shown yet, and words for the others. Texts still have to be made harmless.
 */
import type { EventSnapshot } from '../../model/event.ts';
import type { Alert, Correlation, Lookback, RelatedEvent } from '../../model/match.ts';
import { counted, recordLabel } from '../wording.ts';

/** The part of an alert's context that has not been shown yet, and where the rest was shown. */
export interface FreshContext {
  readonly related: readonly RelatedEvent[];
  readonly after: readonly RelatedEvent[];
  /** Numbers of the alerts that show the other events, ascending. */
  readonly shownAt: readonly number[];
  readonly notes: readonly string[];
}

/**
 * Remembers which events and notes have been shown. Several rules often match one action and have the same look-back; nobody
 * reads a report that repeats it for each.
 */
export class ShownContext {
  readonly #events = new Map<string, number>();
  readonly #notes = new Set<string>();
  /** The length of the look-back; null where none was made. */
  readonly #window: string | null;

  /** `alerts` are all alerts of the report. */
  constructor(alerts: readonly Alert[]) {
    this.#window = alerts.find(({ lookback }) => lookback !== null)?.lookback?.window ?? null;
  }

  /** A sentence for an alert whose look-back a limit left out; null for others. */
  missing({ lookback }: Alert): string | null {
    if (lookback !== null || this.#window === null) return null;
    return `${this.#window} before: not looked up, too many alerts are more severe or came first`;
  }

  /** To be called once for each alert, in the order in which they are shown. */
  fresh({ lookback, notes, computer }: Alert, number: number): FreshContext {
    const shownAt = new Set<number>();
    const unseen = ({ event }: RelatedEvent): boolean => {
      const key = `${event.file}\u0000${event.index}`;
      const earlier = this.#events.get(key);
      if (earlier === undefined) this.#events.set(key, number);
      else shownAt.add(earlier);
      return earlier === undefined;
    };
    const related = lookback?.related.filter(unseen) ?? [];
    const after = lookback?.after.filter(unseen) ?? [];
    const freshNotes = notes.filter((note) => {
      const key = `${computer}\u0000${note}`;
      const isNew = !this.#notes.has(key);
      this.#notes.add(key);
      return isNew;
    });
    return { related, after, shownAt: [...shownAt].sort((a, b) => a - b), notes: freshNotes };
  }
}

/** `14 events, 12 related, 11 of them shown at [1]`. */
export function lookbackText(lookback: Lookback, fresh: FreshContext): string {
  const { events, related, capped } = lookback;
  if (events === 0) return `no other event of this computer${capped ? ' could be had' : ''}`;
  const seen = related.length - fresh.related.length;
  const where = fresh.shownAt.map((number) => `[${number}]`).join(', ');
  const parts = [counted(events, 'event')];
  if (related.length < events) parts.push(`${related.length} related`);
  if (seen > 0)
    parts.push(`${seen === related.length ? (seen === 1 ? 'it is' : 'they are') : `${seen} of them`} shown at ${where}`);
  return `${parts.join(', ')}${capped ? ' (there were more than could be kept)' : ''}`;
}

/** The file of an alert. A related event names its own file only where that is another one. */
export function fileOf({ match }: Alert): string {
  return match.kind === 'match' ? match.event.file : (match.events[0]?.file ?? '');
}

/** `record 12`, and the file where it differs from the alert's. */
export function recordText(event: EventSnapshot, file: string): string {
  return event.file === file ? recordLabel(event) : `${recordLabel(event)} of ${event.file}`;
}

/** `3 linked events, 1 of them shown at [1]`. */
export function afterText(lookback: Lookback, fresh: FreshContext): string {
  const { after } = lookback;
  const seen = after.length - fresh.after.length;
  const where = fresh.shownAt.map((number) => `[${number}]`).join(', ');
  if (seen === 0) return counted(after.length, 'linked event');
  return `${counted(after.length, 'linked event')}, ${seen === after.length ? 'all' : `${seen} of them`} shown at ${where}`;
}

/** `grouped by Image=a.exe`. Empty when the alert is grouped by nothing but the computer, which is shown anyway. */
export function groupText({ group, computer }: Correlation): string {
  const keys = Object.entries(group).filter(([field, value]) => !(/^Computer(?:Name)?$/i.test(field) && value === computer));
  return keys.length === 0 ? '' : `, grouped by ${keys.map(([field, value]) => `${field}=${value}`).join(', ')}`;
}
