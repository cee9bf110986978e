// HOT: every record of an MFT passes through `fixup` and `summarise`.
/**
 * Reads one record of the MFT. In: its bytes. Out: what it says about the file, and its attributes. Refuses a record whose
 * sectors were not written together (`fixup` is false). An attribute that runs past the record ends the walk.
 *
 * A record: `FILE`, u16 place and u16 number of the update sequence at 4 and 6, u16 sequence number at 16, u16 place of the first
 * attribute at 20, u16 flags at 22, reference of the base record at 32 (48 bits record, 16 bits sequence number).
 */
import { uint64LE } from '../bytes.ts';
import { decodeRuns, type Run } from './runs.ts';

export const ATTRIBUTE_LIST = 0x20;
const FILE_NAME = 0x30;
export const DATA = 0x80;
const END = 0xffffffff;
const SIGNATURE = 0x454c4946;
/** Flags of the record. */
const IN_USE = 1;
const FOLDER = 2;
/** Each entry of the update sequence protects this many bytes, whatever the disk's sector size. */
const STRIDE = 512;
const HEADER_BYTES = 24;
const NON_RESIDENT_BYTES = 64;
/** $FILE_NAME: reference of the folder at 0, letters u8 at 64, name space u8 at 65, then the name. */
const NAME_AT = 66;
/** The name space of short names such as `SECURI~1.EVT`. */
const DOS = 2;

/** Flags of an attribute. */
const COMPRESSED = 0x00ff;
const ENCRYPTED = 0x4000;

export interface FileName {
  readonly name: string;
  /** The folder's record, and the sequence number that it had when the name was given. */
  readonly parent: number;
  readonly parentSequence: number;
  readonly dos: boolean;
}

/** The most needed facts about a file, from one record. */
export interface FileSummary {
  readonly sequence: number;
  readonly inUse: boolean;
  readonly folder: boolean;
  /** For an extension record, the record that it extends; otherwise 0. */
  readonly base: number;
  /** True when the file has extension records. */
  readonly listed: boolean;
  readonly names: readonly FileName[];
  /** The names of its streams, without the unnamed one. */
  readonly streams: readonly string[];
}

/** An attribute, or a part of one that several records describe. */
export interface Attribute {
  readonly type: number;
  readonly name: string;
  readonly compressed: boolean;
  readonly encrypted: boolean;
  /** The attribute's bytes, when they are inside the record itself. */
  readonly resident: Buffer | null;
  readonly firstVcn: number;
  readonly runs: readonly Run[];
  /** True when the list of runs ends with a damaged one. */
  readonly runsDamaged: boolean;
  /** Valid only in the part that begins at VCN 0. */
  readonly size: number;
  readonly initialized: number;
  /** Clusters of a compression unit, as a power of two. */
  readonly unitShift: number;
}

export function hasSignature(record: Buffer): boolean {
  return record.readUInt32LE(0) === SIGNATURE;
}

/** Restores the last two bytes of each sector. False when the sectors were not written together. */
export function fixup(record: Buffer): boolean {
  const at = record.readUInt16LE(4);
  const count = record.readUInt16LE(6);
  if (count !== record.length / STRIDE + 1 || at + 2 * count > STRIDE) return false;
  for (let i = 1; i < count; i++) {
    const end = i * STRIDE - 2;
    if (record.readUInt16LE(end) !== record.readUInt16LE(at)) return false;
    record.writeUInt16LE(record.readUInt16LE(at + 2 * i), end);
  }
  return true;
}

export function sequenceOf(record: Buffer): number {
  return record.readUInt16LE(16);
}

export function isInUse(record: Buffer): boolean {
  return (record.readUInt16LE(22) & IN_USE) !== 0;
}

/** Record and sequence number of the base record. */
export function baseOf(record: Buffer): { readonly record: number; readonly sequence: number } {
  return { record: record.readUIntLE(32, 6), sequence: record.readUInt16LE(38) };
}

/** Calls `visit` with place, type and length of each attribute up to `lastType`. Attributes are sorted by type. */
function eachAttribute(record: Buffer, lastType: number, visit: (at: number, type: number, length: number) => void): void {
  for (let at = record.readUInt16LE(20); at + HEADER_BYTES <= record.length; ) {
    const type = record.readUInt32LE(at);
    if (type > lastType || type === END) return;
    const length = record.readUInt32LE(at + 4);
    if (length < HEADER_BYTES || at + length > record.length) return;
    visit(at, type, length);
    at += length;
  }
}

/** The record must have gone through `fixup`. */
export function summarise(record: Buffer): FileSummary {
  const flags = record.readUInt16LE(22);
  const names: FileName[] = [];
  const streams: string[] = [];
  let listed = false;
  eachAttribute(record, DATA, (at, type, length) => {
    if (type === ATTRIBUTE_LIST) listed = true;
    else if (type === FILE_NAME) {
      const name = fileName(record, at, length);
      if (name !== null) names.push(name);
    } else if (type === DATA && record[at + 9] !== 0) streams.push(attributeName(record, at, length));
  });
  return {
    sequence: sequenceOf(record),
    inUse: (flags & IN_USE) !== 0,
    folder: (flags & FOLDER) !== 0,
    base: record.readUIntLE(32, 6),
    listed,
    names,
    streams,
  };
}

function fileName(record: Buffer, at: number, length: number): FileName | null {
  const value = at + record.readUInt16LE(at + 20);
  const end = at + length;
  if (record[at + 8] !== 0 || value + NAME_AT > end) return null;
  const nameEnd = value + NAME_AT + 2 * record[value + 64]!;
  if (nameEnd > end) return null;
  return {
    name: record.toString('utf16le', value + NAME_AT, nameEnd),
    parent: record.readUIntLE(value, 6),
    parentSequence: record.readUInt16LE(value + 6),
    dos: record[value + 65] === DOS,
  };
}

function attributeName(record: Buffer, at: number, length: number): string {
  const start = at + record.readUInt16LE(at + 10);
  return record.toString('utf16le', start, Math.min(start + 2 * record[at + 9]!, at + length));
}

/**
 * The attributes that hold data, and the list of attributes in other records. They are copies, so they stay valid after the
 * record.
 */
export function attributesOf(record: Buffer): Attribute[] {
  const found: Attribute[] = [];
  eachAttribute(record, DATA, (at, type, length) => {
    if (type !== ATTRIBUTE_LIST && type !== DATA) return;
    const attribute = attributeAt(record, at, type, length);
    if (attribute !== null) found.push(attribute);
  });
  return found;
}

function attributeAt(record: Buffer, at: number, type: number, length: number): Attribute | null {
  const flags = record.readUInt16LE(at + 12);
  const common = {
    type,
    name: attributeName(record, at, length),
    compressed: (flags & COMPRESSED) !== 0,
    encrypted: (flags & ENCRYPTED) !== 0,
  };
  if (record[at + 8] === 0) {
    const size = record.readUInt32LE(at + 16);
    const start = at + record.readUInt16LE(at + 20);
    if (start + size > at + length) return null;
    const resident = Buffer.from(record.subarray(start, start + size));
    return { ...common, resident, firstVcn: 0, runs: [], runsDamaged: false, size, initialized: size, unitShift: 0 };
  }
  if (length < NON_RESIDENT_BYTES) return null;
  const firstVcn = uint64LE(record, at + 16);
  const { runs, damaged } = decodeRuns(record.subarray(at + record.readUInt16LE(at + 32), at + length), firstVcn);
  return {
    ...common,
    resident: null,
    firstVcn,
    runs,
    runsDamaged: damaged,
    size: uint64LE(record, at + 48),
    initialized: uint64LE(record, at + 56),
    unitShift: record.readUInt16LE(at + 34),
  };
}
