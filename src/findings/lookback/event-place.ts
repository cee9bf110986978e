/** Where an event is, and when: all that is kept of an event until it is known to be shown. */

/** A snapshot is one too. */
export interface EventPlace {
  readonly file: string;
  readonly offset: number;
  /** 0-based number of the record in its file. */
  readonly index: number;
  readonly timeUs: number;
  readonly EventID: number | null;
  /** Of its record, see {@link recordIdentity}; 0 or left out where that is not asked for. */
  readonly identity?: number;
}

/** Of events of one computer. Copies of a record are the same event. */
export function sameEvent(a: EventPlace, b: EventPlace): boolean {
  if (a.identity && a.identity === b.identity) return true;
  // Events without a file all have offset 0: their number tells them apart.
  const samePlace = a.offset === b.offset && (a.offset > 0 || a.index === b.index);
  return samePlace && a.timeUs === b.timeUs && a.EventID === b.EventID && a.file === b.file;
}

/** By file, then by place in it. */
export function comparePlaces(
  a: Pick<EventPlace, 'file' | 'offset' | 'index'>,
  b: Pick<EventPlace, 'file' | 'offset' | 'index'>,
): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.offset - b.offset || a.index - b.index;
}

/** Offsets tell the events of a file apart; events without a file all have offset 0, and a number. */
export function placeKey({ offset, index }: EventPlace): string {
  return offset > 0 ? String(offset) : `0 ${index}`;
}
