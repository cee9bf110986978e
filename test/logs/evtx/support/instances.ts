/** Where template instances stand in a chunk. */

/** A template instance as it stands in a chunk: its token, the place of its count of values, and how many there are. */
interface PlacedInstance {
  readonly token: number;
  readonly counted: number;
  readonly count: number;
}

/** The instances of a chunk that is whole, one in another. */
export function instancesOf(bytes: Buffer, records: readonly number[]): PlacedInstance[] {
  const found: PlacedInstance[] = [];
  const look = (start: number): void => {
    const token = bytes[start] === 0x0f ? start + 4 : start;
    if (bytes[token] !== 0x0c) return;
    const inside = bytes.readUInt32LE(token + 6) === token + 10;
    const counted = inside ? token + 34 + bytes.readUInt32LE(token + 30) : token + 10;
    const count = bytes.readUInt32LE(counted);
    found.push({ token, counted, count });
    let value = counted + 4 + 4 * count;
    for (let i = 0; i < count; i++) {
      const head = bytes.readUInt32LE(counted + 4 + 4 * i);
      if (((head >>> 16) & 0xff) === 0x21 && (head & 0xffff) > 0) look(value);
      value += head & 0xffff;
    }
  };
  for (const start of records) look(start + 24);
  return found;
}
