// HOT: filled for every record.
/** The values of the current record: where they are in its chunk, and their types. Nothing is decoded. */
import type { Accelerator } from '../../../engine/contract.ts';
import { MAX_VALUES } from '../limits.ts';
import { BINXML_TYPE } from './value-types.ts';

/** The head of a value: its length in bytes in the low half, its type above. */
export const HEAD_LENGTH = 0xffff;
export const HEAD_TYPE_SHIFT = 16;
const HEAD_TYPE = 0xff << HEAD_TYPE_SHIFT;
/** The last byte of a descriptor is reserved and not part of the head. */
export const HEAD_MASK = HEAD_LENGTH | HEAD_TYPE;
const HEAD_BINXML = BINXML_TYPE << HEAD_TYPE_SHIFT;

/** True for BinXML that is not empty. */
export function isNested(head: number): boolean {
  return (head & HEAD_TYPE) === HEAD_BINXML && head !== HEAD_BINXML;
}

/** Why a record could not be read: a diagnostic code, an offset in the chunk, what was seen. */
export interface Fault {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
}

export class RecordValues {
  /** The chunk, starting with its header, and a view of the same bytes. */
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** By value: its offset in the chunk, and its head. */
  readonly offsets: Int32Array;
  readonly heads: Int32Array;
  count = 0;
  readonly inGivenMemory: boolean;
  /** Set when a record is refused. */
  fault: Fault | null = null;

  constructor(accelerator: Accelerator | null) {
    const bytes = 2 * MAX_VALUES * Int32Array.BYTES_PER_ELEMENT;
    const given = accelerator?.memory(bytes) ?? null;
    const words =
      given === null ? new Int32Array(2 * MAX_VALUES) : new Int32Array(given.buffer, given.byteOffset, 2 * MAX_VALUES);
    this.offsets = words.subarray(0, MAX_VALUES);
    this.heads = words.subarray(MAX_VALUES);
    this.inGivenMemory = given !== null;
  }

  /** Sets the fault. Returns null, for callers in which null means refused. */
  refuse(code: string, offset: number, message: string): null {
    this.fault = { code, offset, message };
    return null;
  }

  /** The same for callers in which false means refused. */
  fail(code: string, offset: number, message: string): false {
    this.fault = { code, offset, message };
    return false;
  }

  tooComplex(at: number): false {
    return this.fail('evtx/too-complex', at, 'the record has too many parts');
  }

  /** Refuses a record that has no values although its template uses some: they have been wiped. */
  refuseEmpty(at: number): null {
    return this.refuse('evtx/record-values', at, 'it has no values, its template asks for some');
  }

  cut(at: number): false {
    return this.fail('evtx/token-cut', at, 'a token ends past its fragment');
  }
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
