/** Damages logs, the same way for the same seed. */

/** Mulberry32: enough for choosing bytes. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Numbers that programs trip over. */
const EDGES = [
  0, 1, 2, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x1ff, 0x200, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];
/** Tokens and types of BinXML. */
const TOKENS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x13, 0x21, 0x41, 0x45, 0x46, 0x81, 0x93];

/** One to eight changes to a copy of `sample`, most of them where its records are. */
export function mutate(sample: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(sample);
  const changes = 1 + random.below(8);
  for (let i = 0; i < changes; i++) {
    // Header, chunk header and records are all worth a change, records most of all.
    const place = random.below(10);
    const [start, span] = place === 0 ? [0, 128] : place === 1 ? [4096, 512] : [4096 + 512, bytes.length - 4096 - 512];
    if (bytes.length < start + 16 || span < 16) continue;
    bytes = change(bytes, start + random.below(Math.min(span, bytes.length - start) - 8), others, random);
  }
  return bytes;
}

function change(bytes: Buffer, at: number, others: readonly Buffer[], random: Random): Buffer {
  switch (random.below(10)) {
    case 0:
      bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
    case 3:
      bytes[at] = random.pick(TOKENS);
      return bytes;
    case 4:
      bytes.writeUInt16LE(random.pick(EDGES) & 0xffff, at);
      return bytes;
    case 5:
      bytes.writeUInt32LE(random.pick(EDGES), at);
      return bytes;
    case 6:
      // Offsets and sizes that are nearly right, or right for something else.
      bytes.writeUInt32LE(
        random.below(2) === 0 ? random.below(0x10000) : (bytes.readUInt32LE(at) + random.below(65) - 32) >>> 0,
        at,
      );
      return bytes;
    case 7:
      bytes.fill(random.below(2) * 255, at, Math.min(bytes.length, at + random.below(64)));
      return bytes;
    case 8: {
      const other = random.pick(others);
      const from = random.below(Math.max(1, other.length - 256));
      other.copy(bytes, at, from, from + random.below(256));
      return bytes;
    }
    default:
      return bytes.subarray(0, at);
  }
}
