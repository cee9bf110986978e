/** Decides by its first bytes what a source is. In: bytes; names and extensions are not used. Out: a format, or null. */
import { plainThread } from '../../engine/thread-context.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import { JsonDecoder } from '../json/decoder.ts';
import { hasEventKeys } from '../json/event-keys.ts';
import type { LogFormat } from '../log-format.ts';
import { formats } from '../registry.generated.ts';
import { type Encoding, encodingOf, transcoderOf, unknownEncoding, withoutMark } from './encoding.ts';
import { gunzipHead, isGzip } from './gzip.ts';
import { otherText } from './other-texts.ts';

/** How many bytes at the start of a source decide what it is. */
export const HEAD_BYTES = 64 << 10;

const BY_PRIORITY = [...formats].sort((a, b) => a.priority - b.priority);

export interface Sniffed {
  readonly format: LogFormat;
  readonly compressed: boolean;
  readonly encoding: Encoding;
  /** Decompressed; text is UTF-8 without a byte order mark. */
  readonly head: Buffer;
  /** The encoding that an XML declaration names, if it is not a known one. */
  readonly unknownEncoding?: string;
}

/** The text as UTF-8 without a byte order mark. */
export function textHead(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return withoutMark(bytes);
  const decoder = transcoderOf(encoding);
  return Buffer.concat([decoder.push(Buffer.from(bytes)), decoder.end()]);
}

/** The format of a source that begins with `bytes`; null when it is no log of a known format. */
export function sniff(bytes: Buffer): Sniffed | null {
  const compressed = isGzip(bytes);
  const raw = compressed ? gunzipHead(bytes) : bytes;
  const encoding = encodingOf(raw);
  const text = textHead(raw, encoding);
  for (const format of BY_PRIORITY) {
    const head = format.text ? text : raw;
    if (!format.sniff(head)) continue;
    const sniffed = { format, compressed, encoding: format.text ? encoding : 'utf-8', head };
    const unknown = format.text ? unknownEncoding(text) : null;
    return unknown === null ? sniffed : { ...sniffed, unknownEncoding: unknown };
  }
  return null;
}

/** Bytes that identify a binary format: an EVTX log's header block and the signature of its first chunk. */
export const SIGNATURE_BYTES = 8 << 10;

/**
 * As {@link sniff}, for binary formats only, which need just {@link SIGNATURE_BYTES}. Most files in a folder of logs are binary
 * logs.
 */
export function sniffBinary(bytes: Buffer): Sniffed | null {
  const format = BY_PRIORITY.find((candidate) => !candidate.text && candidate.sniff(bytes));
  return format === undefined ? null : { format, compressed: false, encoding: 'utf-8', head: bytes };
}

/** True when a file that was found, not named by the user, looks enough like a log to be read. */
export function looksLikeEvents({ format, head }: Sniffed, shapes?: readonly RecordShape[]): boolean {
  return format.name !== 'json' || hasEventKeys(head.toString('latin1')) || holdsEvent(head, shapes);
}

/** True when one of the first records is an event in some exporter's form, or has one of the shapes. */
function holdsEvent(head: Buffer, shapes: readonly RecordShape[] | undefined): boolean {
  let found = false;
  const decoder = new JsonDecoder(
    '',
    {
      event({ channel, provider, eventId }) {
        found ||= channel !== '' || provider !== '' || eventId >= 0;
      },
      diagnostic: () => undefined,
    },
    plainThread,
    undefined,
    shapes,
  );
  decoder.push(head);
  decoder.end();
  return found;
}

/** In a JSON file that was found, not named by the user, the bytes searched for the first key of an event. */
const MAX_SEARCHED_BYTES = 1 << 20;
/** Longer than any such key, so that a key across two reads is found. */
const OVERLAP_BYTES = 128;

/** True when a JSON file turns out to be a log only after its head. `read` reads it at any offset. */
export function hasLateEvents({ format, compressed, encoding }: Sniffed, read: (into: Buffer, at: number) => number): boolean {
  if (format.name !== 'json' || compressed) return false;
  const block = Buffer.allocUnsafe(HEAD_BYTES);
  const decoder = encoding === 'utf-8' ? null : transcoderOf(encoding);
  let text = '';
  for (let at = HEAD_BYTES - OVERLAP_BYTES, got = read(block, at); got > 0 && at < MAX_SEARCHED_BYTES; got = read(block, at)) {
    const bytes = block.subarray(0, got);
    text = text.slice(-OVERLAP_BYTES) + (decoder?.push(bytes) ?? bytes).toString('latin1');
    if (hasEventKeys(text)) return true;
    at += got;
  }
  return false;
}

/** The hint for an archive that arrives as a stream. */
const ARCHIVE = 'Name it as a file: an archive is not read through a pipe.';
const SIGNATURES: readonly (readonly [bytes: string, what: string, hint?: string])[] = [
  ['504b0304', 'a ZIP archive', ARCHIVE],
  ['377abcaf271c', 'a 7-Zip archive', ARCHIVE],
  ['526172211a07', 'a RAR archive', 'Extract it first.'],
  ['28b52ffd', 'Zstandard-compressed data', 'Pipe it: zstd -dc FILE | winnow scan -'],
  ['fd377a585a00', 'xz-compressed data', 'Decompress it first, or pipe it: xz -dc FILE | winnow scan -'],
  ['425a68', 'bzip2-compressed data', 'Decompress it first, or pipe it: bzip2 -dc FILE | winnow scan -'],
  ['300000004c664c65', 'an event log of Windows XP or 2003 (.evt)', 'Convert it: wevtutil epl FILE.evt FILE.evtx /lf:true'],
  ['72656766', 'a registry hive'],
  ['4d5a', 'a Windows program'],
  ['7f454c46', 'a Linux program'],
  ['25504446', 'a PDF document'],
  ['53514c69746520666f726d61742033', 'an SQLite database'],
  ['89504e47', 'a PNG image'],
];

const DISK_IMAGE = { seen: 'a disk image', hint: 'Use winnow triage, which opens it.' };
/**
 * First bytes of disk images: E01, Ex01, L01, QCOW2, VMDK (two forms), VHDX, VHD; QED, Parallels, ESX, AFF, WIM, which are refused with
 * their name; NTFS, GPT without a boot sector.
 */
const IMAGE_SIGNATURES = [
  '4556460',
  '4556463',
  '4c56460',
  '514649fb',
  '4b444d56',
  '23204469736b204465736372697074',
  '7668647866696c65',
  '636f6e6563746978',
  '51454400',
  '576974686f757446726565',
  '576974686f754672655370',
  '434f574401000000',
  '4146463130',
  '4d5357494d000000',
  'eb52904e544653',
  '4546492050415254',
];

/** End of the signatures of image files. The last two signatures are those of a disk itself. */
const CONTAINERS = -2;

/** True for bytes that begin like a disk image. Half of all raw images begin with a boot sector, which ends with 55 aa. */
export function isDiskImage(bytes: Buffer): boolean {
  const hex = bytes.subarray(0, 16).toString('hex');
  const isBootSector = bytes.length >= 512 && bytes[510] === 0x55 && bytes[511] === 0xaa;
  return IMAGE_SIGNATURES.some((signature) => hex.startsWith(signature)) || isVdi(bytes) || isBootSector || isReFs(bytes);
}

/** True for a volume with ReFS. Its boot sector does not end with 55 aa. */
function isReFs(bytes: Buffer): boolean {
  return bytes.toString('latin1', 3, 11) === 'ReFS\0\0\0\0';
}

/** The signature of a VDI stands behind a text of 64 bytes, which depends on what wrote it. */
function isVdi(bytes: Buffer): boolean {
  return bytes.length >= 68 && bytes.readUInt32LE(64) === 0xbeda107f;
}

/** Smaller files that begin with a boot sector are copies of it, which collections of evidence contain. */
export const LEAST_DISK_BYTES = 64 << 10;

/** The same for a file that was found, not named by the user. */
export function looksLikeDiskImage(head: Buffer, size: number): boolean {
  const isContainer = IMAGE_SIGNATURES.slice(0, CONTAINERS).some((signature) =>
    head.subarray(0, 16).toString('hex').startsWith(signature),
  );
  return isContainer || isVdi(head) || (size >= LEAST_DISK_BYTES && isDiskImage(head));
}

/** True for bytes that are known to be neither a disk image nor a log. */
export function isOtherFile(bytes: Buffer): boolean {
  const hex = bytes.subarray(0, 16).toString('hex');
  return isGzip(bytes) || SIGNATURES.some(([signature]) => hex.startsWith(signature));
}

const TEXT_SHOWN = 40;
/** Bytes that decide whether something is text. */
const TEXT_BYTES = 512;

function beginOf(bytes: Buffer): string {
  return textHead(bytes, encodingOf(bytes)).subarray(0, TEXT_BYTES).toString('utf8');
}

/** True for bytes that do not begin like text. */
export function isBinary(bytes: Buffer): boolean {
  return NO_TEXT.test(beginOf(bytes));
}

const NO_TEXT = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** What a source that is no log seems to be. */
export function describeBytes(bytes: Buffer): { readonly seen: string; readonly hint?: string | undefined } {
  if (isGzip(bytes)) {
    const inner = gunzipHead(bytes);
    if (inner.length === 0) return { seen: 'a gzip file that is damaged or empty' };
    const hint = isDiskImage(inner) ? 'Decompress it first, and use winnow triage.' : undefined;
    return { seen: `gzip with ${describeBytes(inner).seen} in it`, hint };
  }
  if (isDiskImage(bytes)) return DISK_IMAGE;
  const hex = bytes.subarray(0, 16).toString('hex');
  for (const [signature, seen, hint] of SIGNATURES) if (hex.startsWith(signature)) return { seen, hint };
  const text = beginOf(bytes);
  const start = JSON.stringify(text.trimStart().slice(0, TEXT_SHOWN));
  if (NO_TEXT.test(text))
    return {
      seen: `binary data (${bytes
        .subarray(0, 8)
        .toString('hex')
        .replace(/(..)(?=.)/g, '$1 ')})`,
    };
  if (/^\s*(?:<\?xml[^<>]*>\s*)?<Objs[\s>]/.test(text))
    return {
      seen: 'PowerShell objects (Export-Clixml)',
      hint: 'Export the events again, as EVTX or by ForEach-Object { $_.ToXml() }.',
    };
  const other = otherText(text);
  if (other !== null) return other;
  if (/^\s*</.test(text)) return { seen: `XML or HTML without an <Event> (${start})` };
  return { seen: `text (${start})` };
}
