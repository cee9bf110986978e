// HOT: every byte of a 7-Zip archive comes from here.
/**
 * LZMA and LZMA2, following the specification in the LZMA SDK (public domain). In: compressed blocks, properties, and the size
 * of the output. Out: the decompressed bytes, in blocks. Refuses data that no encoder writes: distances that reach before the
 * beginning, data that ends early.
 */
import { InputError } from '../../model/errors.ts';

const STATES = 12;
const POSITIONS = 16;
const LENGTHS = 2 + POSITIONS * 8 * 2 + 256;
/** Where the probabilities of each kind begin in the table. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POSITIONS;
const IS_REP0 = IS_REP + STATES;
const IS_REP1 = IS_REP0 + STATES;
const IS_REP2 = IS_REP1 + STATES;
const IS_LONG = IS_REP2 + STATES;
const SLOT = IS_LONG + STATES * POSITIONS;
const SPECIAL = SLOT + 4 * 64;
const ALIGN = SPECIAL + 128;
const MATCH_LENGTH = ALIGN + 16;
const REP_LENGTH = MATCH_LENGTH + LENGTHS;
const LITERAL = REP_LENGTH + LENGTHS;
const LITERAL_SIZE = 0x300;

const EVEN = 1024;
const TOP = 2 ** 24;
const MIN_LENGTH = 2;
const OUT_BYTES = 64 << 10;
/** 7-Zip's own levels use up to 64 MiB, since version 21 up to 256 MiB. */
const MAX_WINDOW_BYTES = 1 << 30;
const DAMAGED = 'its LZMA data is damaged';

/** Compressed input, read byte by byte. */
class Input {
  readonly #blocks: Iterator<Uint8Array>;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(blocks: Iterable<Uint8Array>) {
    this.#blocks = blocks[Symbol.iterator]();
  }

  byte(): number {
    if (this.#at === this.#block.length) this.#next();
    return this.#block[this.#at++]!;
  }

  #next(): void {
    do {
      const next = this.#blocks.next();
      if (next.done === true) throw new InputError(`${DAMAGED}: it ends early.`);
      this.#block = next.value;
    } while (this.#block.length === 0);
    this.#at = 0;
  }
}

class Decoder {
  readonly #input: Input;
  readonly #window: Uint8Array;
  #windowAt = 0;
  /** Bytes written since the window was last empty. Counted only as far as needed to check distances. */
  #filled = 0;
  #probs = new Uint16Array(LITERAL);
  #lc = 0;
  #lpMask = 0;
  #pbMask = 0;
  #range = 0;
  #code = 0;
  #state = 0;
  #reps = new Uint32Array(4);
  /** Bytes of a match that did not fit into the requested output. */
  #pending = 0;
  /** Position in the output. It selects the probabilities of literals. */
  #position = 0;
  /** Where the next bytes are written. */
  #out: Uint8Array = new Uint8Array(0);
  #outAt = 0;
  ended = false;
  /** The error that stopped the decoder. It is thrown once all output from before the error has been returned. */
  failure: unknown = null;

  constructor(input: Input, windowBytes: number) {
    if (windowBytes > MAX_WINDOW_BYTES)
      throw new InputError(`it looks back ${windowBytes} bytes; at most ${MAX_WINDOW_BYTES} are kept.`);
    this.#input = input;
    this.#window = new Uint8Array(Math.max(windowBytes, 4096));
  }

  /** `properties`: the byte that encodes lc, lp and pb. */
  setProperties(properties: number): void {
    if (properties >= 9 * 5 * 5) throw new InputError(`${DAMAGED}: its properties cannot be.`);
    this.#lc = properties % 9;
    const lp = Math.floor(properties / 9) % 5;
    this.#lpMask = (1 << lp) - 1;
    this.#pbMask = (1 << Math.floor(properties / 45)) - 1;
    this.#probs = new Uint16Array(LITERAL + (LITERAL_SIZE << (this.#lc + lp)));
  }

  resetState(): void {
    this.#probs.fill(EVEN);
    this.#state = 0;
    this.#reps.fill(0);
    this.#pending = 0;
  }

  resetWindow(): void {
    this.#filled = 0;
    this.#position = 0;
  }

  beginRange(): void {
    if (this.#input.byte() !== 0) throw new InputError(`${DAMAGED}.`);
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#input.byte()) >>> 0;
  }

  /** Copies bytes that are stored uncompressed. */
  copy(length: number): Uint8Array {
    this.#begin(length);
    while (this.#outAt < length) this.#put(this.#input.byte());
    return this.#out;
  }

  /** Decodes `length` bytes; fewer when the data contains an end marker. */
  decode(length: number): Uint8Array {
    this.#begin(length);
    try {
      while (this.#outAt < length && !this.ended) {
        if (this.#pending > 0) this.#repeat(length);
        else this.#symbol();
      }
    } catch (error) {
      this.failure = error;
    }
    return this.#out.subarray(0, this.#outAt);
  }

  #begin(length: number): void {
    this.#out = new Uint8Array(length);
    this.#outAt = 0;
  }

  #put(byte: number): void {
    this.#out[this.#outAt++] = byte;
    this.#window[this.#windowAt++] = byte;
    if (this.#windowAt === this.#window.length) this.#windowAt = 0;
    if (this.#filled < this.#window.length) this.#filled++;
    this.#position = (this.#position + 1) >>> 0;
  }

  #repeat(length: number): void {
    const window = this.#window;
    let from = this.#windowAt - this.#reps[0]! - 1;
    if (from < 0) from += window.length;
    const count = Math.min(this.#pending, length - this.#outAt);
    for (let i = 0; i < count; i++) {
      this.#put(window[from]!);
      if (++from === window.length) from = 0;
    }
    this.#pending -= count;
  }

  #bit(index: number): number {
    const probs = this.#probs;
    const prob = probs[index]!;
    const bound = (this.#range >>> 11) * prob;
    let bit: number;
    if (this.#code < bound) {
      this.#range = bound;
      probs[index] = prob + ((2048 - prob) >>> 5);
      bit = 0;
    } else {
      this.#range -= bound;
      this.#code -= bound;
      probs[index] = prob - (prob >>> 5);
      bit = 1;
    }
    if (this.#range < TOP) this.#more();
    return bit;
  }

  #more(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#input.byte()) >>> 0;
  }

  #direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
      if (this.#range < TOP) this.#more();
    }
    return value;
  }

  #tree(base: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.#bit(base + symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #symbol(): void {
    const posState = this.#position & this.#pbMask;
    const state = this.#state;
    if (this.#bit(IS_MATCH + state * POSITIONS + posState) === 0) {
      this.#literal();
      return;
    }
    const reps = this.#reps;
    if (this.#bit(IS_REP + state) === 0) {
      reps.copyWithin(1, 0, 3);
      const length = this.#length(MATCH_LENGTH, posState);
      this.#state = state < 7 ? 7 : 10;
      reps[0] = this.#distance(length);
      if (reps[0] === 0xffffffff) {
        this.ended = true;
        return;
      }
      this.#pending = length + MIN_LENGTH;
    } else {
      if (this.#bit(IS_REP0 + state) === 0) {
        if (this.#bit(IS_LONG + state * POSITIONS + posState) === 0) {
          this.#state = state < 7 ? 9 : 11;
          this.#pending = 1;
          this.#check();
          return;
        }
      } else this.#takeOlder();
      this.#pending = this.#length(REP_LENGTH, posState) + MIN_LENGTH;
      this.#state = state < 7 ? 8 : 11;
    }
    this.#check();
  }

  /** Moves one of the three older match distances to the front: it becomes the one that was used last. */
  #takeOlder(): void {
    const reps = this.#reps;
    let which = 1;
    if (this.#bit(IS_REP1 + this.#state) === 1) which = this.#bit(IS_REP2 + this.#state) === 0 ? 2 : 3;
    const distance = reps[which]!;
    reps.copyWithin(1, 0, which);
    reps[0] = distance;
  }

  #check(): void {
    if (this.#reps[0]! >= this.#filled) throw new InputError(`${DAMAGED}: it refers to what is before its beginning.`);
  }

  #literal(): void {
    const window = this.#window;
    const previous = this.#filled === 0 ? 0 : window[this.#windowAt === 0 ? window.length - 1 : this.#windowAt - 1]!;
    const context = ((this.#position & this.#lpMask) << this.#lc) + (previous >> (8 - this.#lc));
    const base = LITERAL + LITERAL_SIZE * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let from = this.#windowAt - this.#reps[0]! - 1;
      if (from < 0) from += window.length;
      let matched = window[from]!;
      do {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#bit(base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(base + symbol);
    this.#put(symbol & 0xff);
    const state = this.#state;
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  #length(base: number, posState: number): number {
    if (this.#bit(base) === 0) return this.#tree(base + 2 + posState * 8, 3);
    if (this.#bit(base + 1) === 0) return 8 + this.#tree(base + 2 + (POSITIONS + posState) * 8, 3);
    return 16 + this.#tree(base + 2 + POSITIONS * 16, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(SLOT + Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return high + this.#reverseTree(SPECIAL + high - slot, bits);
    return high + this.#direct(bits - 4) * 16 + this.#reverseTree(ALIGN, 4);
  }
}

/** `properties`: a byte with lc, lp and pb, then the size of the window in 32 bits. */
export function* lzma(blocks: Iterable<Uint8Array>, properties: Buffer, size: number): Generator<Uint8Array> {
  if (properties.length < 5) throw new InputError(`${DAMAGED}: it has no properties.`);
  const decoder = new Decoder(new Input(blocks), Math.min(properties.readUInt32LE(1), size));
  decoder.setProperties(properties[0]!);
  decoder.resetState();
  decoder.beginRange();
  for (let left = size; left > 0; ) {
    const block = decoder.decode(Math.min(left, OUT_BYTES));
    left -= block.length;
    yield block;
    if (decoder.failure !== null) throw decoder.failure;
    if (decoder.ended && left > 0) throw new InputError(`${DAMAGED}: it ends early.`);
  }
}

/** `properties`: a byte that encodes the size of the window. Each chunk contains its own lc, lp and pb. */
export function* lzma2(blocks: Iterable<Uint8Array>, properties: Buffer, size: number): Generator<Uint8Array> {
  const level = properties[0] ?? 41;
  if (level > 40) throw new InputError(`${DAMAGED}: its properties cannot be.`);
  const window = level === 40 ? 0xffffffff : (2 | (level & 1)) * 2 ** ((level >> 1) + 11);
  const input = new Input(blocks);
  const decoder = new Decoder(input, Math.min(window, size));
  const number = (): number => input.byte() * 256 + input.byte() + 1;
  let begun = false;
  for (let left = size; left > 0; ) {
    const control = input.byte();
    if (control === 0) throw new InputError(`${DAMAGED}: it ends early.`);
    if (control === 1 || control >= 0xe0) decoder.resetWindow();
    if (control < 0x80) {
      if (control > 2) throw new InputError(`${DAMAGED}: there is no chunk of type ${control}.`);
      const length = Math.min(number(), left);
      left -= length;
      yield decoder.copy(length);
      continue;
    }
    let length = Math.min(((control & 0x1f) << 16) + number(), left);
    number();
    if (control >= 0xc0) decoder.setProperties(input.byte());
    else if (!begun) throw new InputError(`${DAMAGED}: it begins without properties.`);
    begun = true;
    if (control >= 0xa0) decoder.resetState();
    decoder.beginRange();
    left -= length;
    while (length > 0) {
      const block = decoder.decode(Math.min(length, OUT_BYTES));
      length -= block.length;
      yield block;
      if (decoder.failure !== null) throw decoder.failure;
      if (decoder.ended) throw new InputError(`${DAMAGED}.`);
    }
  }
}
