/**
 * Writes small EVTX logs for tests: every token and value type of BinXML, valid checksums. A log is made of chunks, a chunk of
 * records, a record of a fragment: elements, or an instance of a template.
 */
import { crc32 } from 'node:zlib';

export const CHUNK = 0x10000;
export const HEADER = 4096;

export type Node = ElementSpec | PartSpec;

export interface ElementSpec {
  readonly element: string;
  readonly attributes: readonly (readonly [string, readonly PartSpec[]])[];
  readonly content: readonly Node[];
  readonly empty: boolean;
  /** DependencyID, in definitions. */
  readonly depends: number;
}

export type PartSpec =
  | { readonly value: ValueSpec }
  | { readonly substitution: number; readonly optional: boolean }
  | { readonly cdata: string }
  | { readonly characterReference: number }
  | { readonly entity: string }
  | { readonly pi: readonly [string, string] }
  | { readonly instance: InstanceSpec };

export interface ValueSpec {
  readonly type: number;
  readonly bytes: Buffer | ((writer: ChunkWriter) => void);
}

export interface TemplateSpec {
  readonly guid: Buffer;
  readonly root: ElementSpec;
}

export interface InstanceSpec {
  readonly template: TemplateSpec;
  readonly values: readonly ValueSpec[];
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le');

function numberBytes(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
}

/** Values by type. */
export const v = {
  nothing: (): ValueSpec => ({ type: 0x00, bytes: Buffer.alloc(0) }),
  string: (text: string): ValueSpec => ({ type: 0x01, bytes: utf16(text) }),
  ansi: (bytes: Buffer): ValueSpec => ({ type: 0x02, bytes }),
  int8: (n: number): ValueSpec => ({ type: 0x03, bytes: numberBytes(1, (b) => b.writeInt8(n)) }),
  uint8: (n: number): ValueSpec => ({ type: 0x04, bytes: numberBytes(1, (b) => b.writeUInt8(n)) }),
  int16: (n: number): ValueSpec => ({ type: 0x05, bytes: numberBytes(2, (b) => b.writeInt16LE(n)) }),
  uint16: (n: number): ValueSpec => ({ type: 0x06, bytes: numberBytes(2, (b) => b.writeUInt16LE(n)) }),
  int32: (n: number): ValueSpec => ({ type: 0x07, bytes: numberBytes(4, (b) => b.writeInt32LE(n)) }),
  uint32: (n: number): ValueSpec => ({ type: 0x08, bytes: numberBytes(4, (b) => b.writeUInt32LE(n)) }),
  int64: (n: bigint): ValueSpec => ({ type: 0x09, bytes: numberBytes(8, (b) => b.writeBigInt64LE(n)) }),
  uint64: (n: bigint): ValueSpec => ({ type: 0x0a, bytes: numberBytes(8, (b) => b.writeBigUInt64LE(n)) }),
  float: (n: number): ValueSpec => ({ type: 0x0b, bytes: numberBytes(4, (b) => b.writeFloatLE(n)) }),
  double: (n: number): ValueSpec => ({ type: 0x0c, bytes: numberBytes(8, (b) => b.writeDoubleLE(n)) }),
  bool: (is: boolean): ValueSpec => ({ type: 0x0d, bytes: numberBytes(4, (b) => b.writeUInt32LE(is ? 1 : 0)) }),
  binary: (hex: string): ValueSpec => ({ type: 0x0e, bytes: Buffer.from(hex, 'hex') }),
  guid: (hex: string): ValueSpec => ({ type: 0x0f, bytes: Buffer.from(hex, 'hex') }),
  size: (n: bigint): ValueSpec => ({ type: 0x10, bytes: numberBytes(8, (b) => b.writeBigUInt64LE(n)) }),
  filetime: (ticks: bigint): ValueSpec => ({ type: 0x11, bytes: numberBytes(8, (b) => b.writeBigUInt64LE(ticks)) }),
  systemtime: (parts: readonly number[]): ValueSpec => ({
    type: 0x12,
    bytes: numberBytes(16, (b) => {
      for (const [i, part] of parts.entries()) b.writeUInt16LE(part, 2 * i);
    }),
  }),
  sid: (authority: number, ...subs: number[]): ValueSpec => ({ type: 0x13, bytes: sidBytes(authority, subs) }),
  hex32: (n: number): ValueSpec => ({ type: 0x14, bytes: numberBytes(4, (b) => b.writeUInt32LE(n)) }),
  hex64: (n: bigint): ValueSpec => ({ type: 0x15, bytes: numberBytes(8, (b) => b.writeBigUInt64LE(n)) }),
  strings: (...texts: string[]): ValueSpec => ({ type: 0x81, bytes: utf16(texts.map((text) => `${text}\0`).join('')) }),
  array: (...items: ValueSpec[]): ValueSpec => ({
    type: items[0]!.type | 0x80,
    bytes: Buffer.concat(items.map(({ bytes }) => bytes as Buffer)),
  }),
  /** A fragment: what `nodes` are, behind a fragment header. */
  binxml: (...nodes: Node[]): ValueSpec => ({
    type: 0x21,
    bytes(writer) {
      writer.fragment(nodes);
    },
  }),
  raw: (type: number, bytes: Buffer): ValueSpec => ({ type, bytes }),
};

function sidBytes(authority: number, subs: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * subs.length);
  bytes[0] = 1;
  bytes[1] = subs.length;
  bytes.writeUIntBE(authority, 2, 6);
  for (const [i, sub] of subs.entries()) bytes.writeUInt32LE(sub, 8 + 4 * i);
  return bytes;
}

type Content = string | Node;
type Attributes = Record<string, string | PartSpec | readonly PartSpec[]>;

const textPart = (text: string): PartSpec => ({ value: v.string(text) });

/** `el('Data', { Name: 'x' }, 'text')`. */
export function el(name: string, attributes: Attributes = {}, ...content: Content[]): ElementSpec {
  const list = Object.entries(attributes).map(([key, value]) => {
    const parts: readonly PartSpec[] =
      typeof value === 'string' ? [textPart(value)] : Array.isArray(value) ? value : [value as PartSpec];
    return [key, parts] as const;
  });
  const nodes = content.map((node) => (typeof node === 'string' ? textPart(node) : node));
  return { element: name, attributes: list, content: nodes, empty: false, depends: 0xffff };
}

export const empty = (element: ElementSpec): ElementSpec => ({ ...element, empty: true });
export const dependsOn = (depends: number, element: ElementSpec): ElementSpec => ({ ...element, depends });
export const sub = (index: number): PartSpec => ({ substitution: index, optional: false });
export const opt = (index: number): PartSpec => ({ substitution: index, optional: true });
export const inline = (value: ValueSpec): PartSpec => ({ value });
export const instance = (template: TemplateSpec, ...values: ValueSpec[]): PartSpec => ({ instance: { template, values } });

let guids = 1;
export function template(root: ElementSpec): TemplateSpec {
  const guid = Buffer.alloc(16, 0xa5);
  guid.writeUInt32LE(guids++, 0);
  return { guid, root };
}

/** One chunk under construction. */
export class ChunkWriter {
  readonly bytes = Buffer.alloc(CHUNK);
  at = 512;
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<TemplateSpec, number>();
  readonly #firstId: number;
  #nextId: number;
  /** Start of each record. */
  readonly records: number[] = [];

  constructor(firstId = 1) {
    this.#firstId = firstId;
    this.#nextId = firstId;
  }

  record(...nodes: Node[]): this {
    const start = this.at;
    this.records.push(start);
    this.bytes.write('**\0\0', start, 'latin1');
    this.bytes.writeBigUInt64LE(BigInt(this.#nextId++), start + 8);
    this.bytes.writeBigUInt64LE(132_000_000_000_000_000n, start + 16);
    this.at = start + 24;
    this.fragment(nodes);
    const size = ((this.at - start + 4 + 7) >> 3) << 3;
    this.at = start + size;
    this.bytes.writeUInt32LE(size, start + 4);
    this.bytes.writeUInt32LE(size, start + size - 4);
    return this;
  }

  fragment(nodes: readonly Node[]): void {
    this.u8(0x0f, 1, 1, 0);
    for (const node of nodes) this.node(node, false);
    this.u8(0);
  }

  u8(...values: number[]): void {
    for (const value of values) this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }

  raw(bytes: Buffer): void {
    this.at += bytes.copy(this.bytes, this.at);
  }

  /** A name's offset, and the name itself at its first use. */
  name(name: string): void {
    const known = this.#names.get(name);
    this.u32(known ?? this.at + 4);
    if (known !== undefined) return;
    this.#names.set(name, this.at);
    this.u32(0);
    let hash = 0;
    for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65599) + name.charCodeAt(i)) | 0;
    this.u16(hash & 0xffff);
    this.u16(name.length);
    this.raw(utf16(name));
    this.u16(0);
  }

  node(node: Node, definition: boolean): void {
    if ('element' in node) this.element(node, definition);
    else this.part(node);
  }

  element(spec: ElementSpec, definition: boolean): void {
    this.u8(spec.attributes.length > 0 ? 0x41 : 0x01);
    if (definition) this.u16(spec.depends);
    const size = this.at;
    this.u32(0);
    this.name(spec.element);
    if (spec.attributes.length > 0) {
      const list = this.at;
      this.u32(0);
      for (const [i, [name, parts]] of spec.attributes.entries()) {
        this.u8(i + 1 < spec.attributes.length ? 0x46 : 0x06);
        this.name(name);
        for (const part of parts) this.part(part);
      }
      this.bytes.writeUInt32LE(this.at - list - 4, list);
    }
    if (spec.empty) this.u8(0x03);
    else {
      this.u8(0x02);
      for (const node of spec.content) this.node(node, definition);
      this.u8(0x04);
    }
    this.bytes.writeUInt32LE(this.at - size - 4, size);
  }

  part(part: PartSpec): void {
    if ('value' in part) this.inlineValue(part.value);
    else if ('substitution' in part) {
      this.u8(part.optional ? 0x0e : 0x0d);
      this.u16(part.substitution);
      this.u8(0x01);
    } else if ('cdata' in part) {
      this.u8(0x07);
      this.u16(part.cdata.length);
      this.raw(utf16(part.cdata));
    } else if ('characterReference' in part) {
      this.u8(0x08);
      this.u16(part.characterReference);
    } else if ('entity' in part) {
      this.u8(0x09);
      this.name(part.entity);
    } else if ('pi' in part) {
      this.u8(0x0a);
      this.name(part.pi[0]);
      this.u8(0x0b);
      this.u16(part.pi[1].length);
      this.raw(utf16(part.pi[1]));
    } else this.instance(part.instance);
  }

  inlineValue({ type, bytes }: ValueSpec): void {
    if (typeof bytes === 'function') throw new TypeError('BinXML is no inline value');
    this.u8(0x05, type);
    if (type === 0x01) this.u16(bytes.length / 2);
    if (type === 0x02 || type === 0x0e || type >= 0x80) this.u16(bytes.length);
    this.raw(bytes);
  }

  instance({ template: spec, values }: InstanceSpec): void {
    this.u8(0x0c, 0x01);
    this.u32(spec.guid.readUInt32LE(0));
    const known = this.#templates.get(spec);
    this.u32(known ?? this.at + 4);
    if (known === undefined) {
      this.#templates.set(spec, this.at);
      this.u32(0);
      this.raw(spec.guid);
      const size = this.at;
      this.u32(0);
      this.u8(0x0f, 1, 1, 0);
      this.element(spec.root, true);
      this.u8(0);
      this.bytes.writeUInt32LE(this.at - size - 4, size);
    }
    this.u32(values.length);
    const heads = this.at;
    this.at += 4 * values.length;
    for (const [i, { type, bytes }] of values.entries()) {
      const start = this.at;
      if (typeof bytes === 'function') bytes(this);
      else this.raw(bytes);
      this.bytes.writeUInt16LE(this.at - start, heads + 4 * i);
      this.bytes[heads + 4 * i + 2] = type;
    }
  }

  /** With header and checksums. */
  finish(): Buffer {
    const { bytes } = this;
    const count = BigInt(this.records.length);
    const first = BigInt(this.#firstId);
    bytes.write('ElfChnk\0', 0, 'latin1');
    bytes.writeBigUInt64LE(first, 8);
    bytes.writeBigUInt64LE(first + count - 1n, 16);
    bytes.writeBigUInt64LE(first, 24);
    bytes.writeBigUInt64LE(first + count - 1n, 32);
    bytes.writeUInt32LE(128, 40);
    bytes.writeUInt32LE(this.records.at(-1) ?? 512, 44);
    bytes.writeUInt32LE(this.at, 48);
    sealChunk(bytes);
    return bytes;
  }
}

/** Writes the checksums of a chunk whose header or records have been changed. */
export function sealChunk(bytes: Buffer): void {
  bytes.writeUInt32LE(crc32(bytes.subarray(512, bytes.readUInt32LE(48))), 52);
  bytes.writeUInt32LE(crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120))), 124);
}

export interface HeaderSpec {
  readonly chunks?: number;
  readonly flags?: number;
}

/** A log of these chunks. */
export function evtxLog(chunks: readonly Buffer[], { chunks: count = chunks.length, flags = 0 }: HeaderSpec = {}): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, count - 1)), 16);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(HEADER, 40);
  header.writeUInt16LE(count & 0xffff, 42);
  header.writeUInt32LE(flags, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...chunks]);
}

/** The System element that most logs have, as a template: EventID 0, its qualifiers 1, time 2, record id 3, event data 4. */
export const EVENT: TemplateSpec = template(
  el(
    'Event',
    { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    el(
      'System',
      {},
      empty(el('Provider', { Name: 'Test-Provider' })),
      el('EventID', { Qualifiers: opt(1) }, opt(0)),
      empty(el('TimeCreated', { SystemTime: sub(2) })),
      el('EventRecordID', {}, sub(3)),
      el('Channel', {}, 'Test/Operational'),
      el('Computer', {}, 'HOST'),
    ),
    opt(4),
  ),
);

/** 2019-05-11T17:58:23.4185632Z */
export const TICKS = 132_020_711_034_185_632n;

/** An event with these elements as its EventData (or any other section). */
export function eventRecord(eventId: number, section: Node, recordId = 7n): PartSpec {
  return instance(EVENT, v.uint16(eventId), v.nothing(), v.filetime(TICKS), v.uint64(recordId), v.binxml(section));
}
