/**
 * Writes logs from an image into a new folder, with a manifest. In: logs with their bytes. Out: files named as in the image, in
 * one folder for each volume and state. Refuses a folder that exists already. Nothing is ever written anywhere else.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EvidenceLocator } from '../../../evidence/locator.ts';
import { InputError, UsageError } from '../../../model/errors.ts';
import type { ByteSource } from '../../../model/reader.ts';
import { outputError } from '../../output/output-error.ts';

const BLOCK = 1 << 20;
/** Limit on one name of a path. Most systems allow 255 bytes. */
const MAX_NAME = 80;

export class LogExtractor {
  readonly #folder: string;
  readonly #written = new Set<string>();
  readonly #rows = ['sha256\tsize\tstate\tfile\tpath in the image'];

  constructor(folder: string) {
    this.#folder = folder;
    try {
      mkdirSync(dirname(folder), { recursive: true });
      mkdirSync(folder);
    } catch (cause) {
      throw new UsageError(`--extract: the folder ${folder} cannot be made, or is there already. Name a new one.`, { cause });
    }
  }

  write(locator: EvidenceLocator, source: ByteSource, sha256: string): void {
    const name = this.#nameFor(locator);
    const path = join(this.#folder, ...name.split('/'));
    try {
      mkdirSync(dirname(path), { recursive: true });
      copy(source, path);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw outputError(error, path);
    }
    const where = `${locator.image} ${locator.path}`.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
    this.#rows.push([sha256, source.size, locator.state, name, where].join('\t'));
  }

  finish(): void {
    writeFileSync(join(this.#folder, 'manifest.tsv'), `${this.#rows.join('\n')}\n`, {
      flag: 'wx',
    });
  }

  /** Names come from the evidence, so no part may lead out of the folder or name a device. */
  #nameFor({ image, volume, snapshot, state, path, stream }: EvidenceLocator): string {
    const states = snapshot === null ? state : state === 'deleted' ? `vss${snapshot.number}-deleted` : `vss${snapshot.number}`;
    const file = stream === '' ? path : `${path}_${stream}`;
    const parts = [
      image.replace(/^.*[\\/]/s, ''),
      volume?.label ?? 'disk',
      states,
      ...file.split('\\').filter((part) => part !== ''),
    ];
    const name = parts.map(harmlessName).join('/');
    for (let i = 1; ; i++) {
      const free = i === 1 ? name : `${name}.${i}`;
      // Windows and macOS ignore case in names.
      if (this.#written.has(free.toLowerCase())) continue;
      this.#written.add(free.toLowerCase());
      return free;
    }
  }
}

function copy(source: ByteSource, path: string): void {
  const fd = openSync(path, 'wx');
  const block = Buffer.allocUnsafeSlow(BLOCK);
  try {
    for (let at = 0; ; ) {
      const got = source.read(block, at);
      if (got === 0) break;
      for (let written = 0; written < got; ) written += writeSync(fd, block, written, got - written);
      at += got;
    }
  } finally {
    closeSync(fd);
  }
}

function harmlessName(part: string): string {
  const name = part
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '_')
    .replace(/[. ]+$/, '_');
  const short = name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 20)}~${name.slice(-19)}`;
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(short) || short === '' ? `_${short}` : short;
}
