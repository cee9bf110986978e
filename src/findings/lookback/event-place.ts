/** Where and when an event is. Nothing else is kept of an event until it is certain that it will be shown. */

/** A snapshot can be used as one. */
export interface EventPlace {
  readonly file: string;
  readonly offset: number;
  /** 0-based number of the record in its file. */
  readonly index: number;
  readonly timeUs: number;
  readonly EventID: number | null;
  /** The identity of its record, see {@link recordIdentity}. 0 or absent where it is not needed. */
  readonly identity?: number;
}

/** Whether two events of one computer are the same. Copies of a record are the same event. */
export function sameEvent(a: EventPlace, b: EventPlace): boolean {
  if (a.identity && a.identity === b.identity) return true;
  // Events without a file all have offset 0. Their number tells them apart.
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

/** A key for a place in a file: the offset, or the number for events without a file, which all have offset 0. */
export function placeKey({ offset, index }: EventPlace): string {
  return offset > 0 ? String(offset) : `0 ${index}`;
}
