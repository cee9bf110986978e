/** How a shipper or tool writes events, and what is left of them. */
import type { LoggedEvent } from '../events/logged-event.ts';

export interface Shape {
  readonly name: string;
  /** For the table in docs/inputs.md. */
  readonly lost: string;
  /** The name of the file; it says nothing to the reader. */
  readonly file: string;
  write(events: readonly LoggedEvent[]): string | Buffer;
  /** The event as it can be read back; null when the shape has no place for it. */
  kept(event: LoggedEvent): LoggedEvent | null;
}

export const jsonl = (records: readonly unknown[]): string => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;

/** A shape with one JSON record per event. */
export function lines(name: string, lost: string, record: (event: LoggedEvent) => unknown, kept: Shape['kept']): Shape {
  const write = (events: readonly LoggedEvent[]): string => jsonl(events.filter((event) => kept(event) !== null).map(record));
  return { name, lost, file: `${name}.jsonl`, write, kept };
}
