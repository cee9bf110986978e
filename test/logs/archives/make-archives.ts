/** Archives made by hand, so that what is wrong with them is known. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly path: string;
  readonly content: Buffer | string;
  readonly stored?: boolean;
  /** Instead of what is right. */
  readonly size?: number;
  readonly crc?: number;
  readonly method?: number;
  /** Offset of the local header of another entry. */
  readonly local?: number;
}

export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content as string);
    const data = entry.stored ? content : deflateRawSync(content);
    const name = Buffer.from(entry.path);
    const fixed = Buffer.alloc(30);
    fixed.writeUInt32LE(0x04034b50, 0);
    fixed.writeUInt16LE(name.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(entry.method ?? (entry.stored ? 0 : 8), 10);
    record.writeUInt32LE(entry.crc ?? crc32(content), 16);
    record.writeUInt32LE(data.length, 20);
    record.writeUInt32LE(entry.size ?? content.length, 24);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt32LE(entry.local ?? at, 42);
    central.push(record, name);
    parts.push(fixed, name, data);
    at += fixed.length + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

export interface TarEntry {
  readonly path: string;
  readonly content?: Buffer | string;
  readonly type?: string;
}

function tarHeader(path: string, size: number, type: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path.slice(0, 100), 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write('ustar\0', 257);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const padded = (content: Buffer): Buffer => Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);

export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.map(({ path, content = '', type = '0' }) => {
    const bytes = Buffer.from(content as string);
    return Buffer.concat([tarHeader(path, bytes.length, type), padded(bytes)]);
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** A pax header for the entry that follows. */
export function paxEntry(records: Readonly<Record<string, string>>): TarEntry {
  const content = Object.entries(records).map(([key, value]) => {
    const body = ` ${key}=${value}\n`;
    const bytes = Buffer.byteLength(body);
    const length = bytes + String(bytes + 2).length;
    return `${length}${body}`;
  });
  return { path: 'PaxHeader', content: content.join(''), type: 'x' };
}
