// Builds large logs for benchmarks out of a folder of samples. The same samples and size give the same bytes.
//   .evtx   unique chunks that are at least 84 % full, repeated
//   .xml    the events of Event XML exports (<Events> ... </Events>), repeated
//   .jsonl  the lines of JSON Lines exports, repeated
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crc32 as zlibCrc32 } from 'node:zlib';

const HELP = `npm run bench -- make-log --samples FOLDER --out FILE.evtx|FILE.xml|FILE.jsonl --mb N
Chunks, events or lines of all samples in FOLDER, files in path order, repeated until FILE has about N MB.`;

const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65536;
const CHUNK_HEADER = 512;
/** Unused space is not what a busy log has. */
const LEAST_USED = 55_000;

function* files(folder, extension) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path, extension);
    else if (entry.name.toLowerCase().endsWith(extension)) yield path;
  }
}

function crc32(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** Chunks whose records nobody has seen before: the header and its checksums differ from copy to copy of the same log. */
function chunksOf(folder) {
  const seen = new Set();
  const chunks = [];
  for (const path of files(folder, '.evtx')) {
    const log = readFileSync(path);
    for (let at = HEADER_BYTES; at + CHUNK_BYTES <= log.length; at += CHUNK_BYTES) {
      const chunk = log.subarray(at, at + CHUNK_BYTES);
      if (chunk.toString('latin1', 0, 8) !== 'ElfChnk\0' || chunk.readUInt32LE(48) < LEAST_USED) continue;
      const digest = createHash('sha256').update(chunk.subarray(CHUNK_HEADER)).digest('hex');
      if (seen.has(digest)) continue;
      seen.add(digest);
      chunks.push(Buffer.from(chunk));
    }
  }
  return chunks;
}

function evtxHeader(chunks) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(chunks - 1), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(HEADER_BYTES, 40);
  // 16 bits only: logs beyond 4 GB wrap it.
  header.writeUInt16LE(chunks % 0x10000, 42);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return header;
}

function evtxParts(folder, bytes) {
  const chunks = chunksOf(folder);
  const repeats = Math.round(bytes / (chunks.length * CHUNK_BYTES));
  // Less than one round: the first chunks of it.
  const parts = repeats > 0 ? chunks : chunks.slice(0, Math.max(1, Math.round(bytes / CHUNK_BYTES)));
  return { head: evtxHeader(parts.length * Math.max(1, repeats)), parts, tail: '' };
}

function xmlParts(folder) {
  const events = [...files(folder, '.xml')]
    .map((path) => readFileSync(path, 'utf8'))
    .filter((text) => text.includes('<Events>'))
    .map((text) => text.slice(text.indexOf('<Events>') + '<Events>'.length, text.lastIndexOf('</Events>')));
  return { head: '<Events>', parts: events.map((text) => Buffer.from(text)), tail: '</Events>' };
}

function jsonParts(folder) {
  const lines = [...files(folder, '.jsonl')].map((path) => Buffer.from(`${readFileSync(path, 'utf8').trimEnd()}\n`));
  return { head: '', parts: lines, tail: '' };
}

/** Writes the log; returns its size. */
export function makeLog(samples, out, megabytes) {
  const bytes = megabytes * 1e6;
  const make = out.endsWith('.evtx') ? evtxParts : out.endsWith('.xml') ? xmlParts : jsonParts;
  const { head, parts, tail } = make(samples, bytes);
  if (parts.length === 0) throw new Error(`no samples for ${out} in ${samples}`);
  const fd = openSync(out, 'w');
  try {
    let written = writeSync(fd, head);
    const round = parts.reduce((sum, part) => sum + part.length, 0);
    for (let rounds = Math.max(1, Math.round(bytes / round)); rounds > 0; rounds--) {
      for (const part of parts) written += writeSync(fd, part);
    }
    return written + writeSync(fd, tail);
  } finally {
    closeSync(fd);
  }
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      samples: { type: 'string' },
      out: { type: 'string' },
      mb: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.samples || !values.out || !values.mb) {
    console.log(HELP);
    return;
  }
  console.log(`${values.out}: ${(makeLog(values.samples, values.out, Number(values.mb)) / 1e6).toFixed(1)} MB`);
}
