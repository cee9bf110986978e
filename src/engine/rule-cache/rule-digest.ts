/** In: rule files and options. Out: a digest of everything that compiled rules depend on. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { versions } from 'node:process';
import { serialize } from 'node:v8';
import type { RuleFile } from '../../sigma/files/visit-rule-files.ts';
import type { CompiledOptions } from './compiled-rules.ts';

/**
 * The version of everything that compiles rules. Another build, YAML parser or Node may give another result. Null when it is not
 * known: then nothing is cached.
 */
export const MADE_BY: string | null = madeBy();

function madeBy(): string | null {
  if (typeof WINNOW_BUILD !== 'string') return null;
  try {
    // Only the version that the parser states is included, not its code: users may get another version without a new build of
    // winnow.
    const { version } = createRequire(import.meta.url)('js-yaml/package.json') as { version: unknown };
    return `${WINNOW_BUILD} js-yaml ${version} node ${versions.node}`;
  } catch {
    return null;
  }
}

/** Bytes hashed at once. A call for each of thousands of small parts would cost more than hashing itself. */
const HASHED_BYTES = 256 << 10;

/** Computes the key of the cache. Add parts with `file`, then call `finish`. */
export class RuleDigest {
  readonly #hash = createHash('sha256');
  readonly #pending = Buffer.allocUnsafeSlow(HASHED_BYTES);
  #length = 0;

  constructor(options: CompiledOptions) {
    const { custom, optional } = options.logSources ?? {};
    this.#part(`${MADE_BY}`);
    this.#part(
      serialize({
        values: options.values,
        optional: [...(optional ?? [])].sort(),
        custom: custom && {
          categories: custom.categories,
          services: custom.services,
          fieldMaps: custom.fieldMaps,
          shapes: custom.shapeLogSources,
        },
      }),
    );
  }

  /** The lengths are hashed too, so that no two lists of parts give the same bytes. */
  #part(part: string | Buffer): void {
    const bytes = Buffer.byteLength(part);
    this.#add(`${bytes}\n`);
    this.#add(part, bytes);
  }

  #add(part: string | Buffer, bytes = part.length): void {
    if (bytes > HASHED_BYTES - this.#length) {
      this.#flush();
      if (bytes > HASHED_BYTES) {
        this.#hash.update(part);
        return;
      }
    }
    if (typeof part === 'string') this.#pending.write(part, this.#length);
    else this.#pending.set(part, this.#length);
    this.#length += bytes;
  }

  #flush(): void {
    this.#hash.update(this.#pending.subarray(0, this.#length));
    this.#length = 0;
  }

  file({ path, content, named }: RuleFile): void {
    this.#part(path);
    if (Buffer.isBuffer(content)) {
      this.#part(named ? 'named' : 'found');
      this.#part(content);
    } else {
      this.#part(content.code);
      this.#part(`${content.message} ${content.hint}`);
    }
  }

  /** 32 bytes. */
  finish(): Buffer {
    this.#flush();
    return this.#hash.digest();
  }
}
