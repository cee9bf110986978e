/**
 * Defines what a container of a disk image is. Each file in this folder exports one as `container`; nothing else needs to be
 * edited for a new one.
 */
import type { Reports } from '../../logs/reports.ts';
import type { ByteSource } from '../../model/reader.ts';

/** What is known of an image file when its container is looked for: its path, and its first and last bytes. */
export interface ImageFile {
  readonly path: string;
  /** Read-only. The disk made from it closes it. */
  readonly bytes: ByteSource;
  /** The first 512 bytes, or all there are. */
  readonly head: Buffer;
  /** The last 512 bytes, or all there are. */
  readonly tail: Buffer;
}

/** The disk inside a container. */
export interface OpenedImage {
  /** `E01`, `VMDK (stream-optimised)`. */
  readonly format: string;
  /** The bytes of the disk. Closing it closes every file of the image. */
  readonly disk: ByteSource;
  /** Every file that belongs to it, in order. */
  readonly files: readonly string[];
  /** The hashes of the disk that the image states, in hexadecimal. */
  readonly hashes: { readonly md5?: string | undefined; readonly sha1?: string | undefined };
}

export interface Container {
  /** The order in which containers are tried. Raw images come last, because nothing in them identifies them. */
  readonly priority: number;
  /** Decides by content. Only the parts of a split raw image are recognised by name. */
  recognise(file: ImageFile): boolean;
  /** Throws InputError with the reason when the disk as a whole cannot be read. A damaged part is reported and read as zeros. */
  open(file: ImageFile, reports: Reports): OpenedImage;
}
