/**
 * Decodes Base64 inside scripts and command lines, also where it is compressed. In: any text. Out: those parts that decode to
 * readable text; nothing for others.
 */
import { gunzipSync, inflateRawSync } from 'node:zlib';

/** Shorter runs of Base64 characters are ignored, because they occur in any path. */
const MIN_RUN = 40;
/** Limits on the runs per text, and on the characters of each. */
const MAX_RUNS = 4;
const MAX_RUN = 262_144;
/** Bytes that a compressed payload may become. */
const MAX_UNPACKED = 4 << 20;
/** Share of characters that must be printable. */
const READABLE = 0.9;

const RUN = new RegExp(`[A-Za-z0-9+/]{${MIN_RUN},}={0,2}`, 'g');

export function decodedPayloads(text: string): readonly string[] {
  const payloads: string[] = [];
  let runs = 0;
  for (const [run] of text.matchAll(RUN)) {
    if (runs++ === MAX_RUNS) break;
    const payload = decoded(run.slice(0, MAX_RUN));
    if (payload !== null) payloads.push(payload);
  }
  return payloads;
}

function decoded(run: string): string | null {
  const bytes = Buffer.from(run, 'base64');
  return readableText(bytes) ?? readableText(unpacked(bytes));
}

/** What scripts compress with GZipStream, or with DeflateStream, which has no signature. Empty where it is neither. */
function unpacked(bytes: Buffer): Buffer {
  const options = { maxOutputLength: MAX_UNPACKED };
  try {
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, options) : inflateRawSync(bytes, options);
  } catch {
    return Buffer.alloc(0);
  }
}

function readableText(bytes: Buffer): string | null {
  // PowerShell's -EncodedCommand is UTF-16LE: every second byte of Latin text is zero.
  const wide = bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0;
  const text = wide ? bytes.toString('utf16le') : bytes.toString('utf8');
  return readable(text) ? text : null;
}

function readable(text: string): boolean {
  let good = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const control = code < 32 && code !== 9 && code !== 10 && code !== 13;
    if (!control && code !== 0xfffd && (code < 127 || code >= 160)) good++;
  }
  return text.length > 0 && good >= READABLE * [...text].length;
}
