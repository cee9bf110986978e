/** What a container of a disk image is. One file per kind in this folder exports `container`; nothing else is edited. */
import type { Reports } from '../../logs/reports.ts';
import type { ByteSource } from '../../model/reader.ts';

/** An image file as it is told apart: its path and its first and last bytes. */
export interface ImageFile {
  readonly path: string;
  /** Read-only. Closed by the disk that is made of it. */
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
  /** What the image says its bytes hash to, in hexadecimal. */
  readonly hashes: { readonly md5?: string | undefined; readonly sha1?: string | undefined };
}

export interface Container {
  /** The order in which they are asked: raw images, which say nothing of themselves, come last. */
  readonly priority: number;
  /** By content; only the parts of a split raw image are told by name. */
  recognise(file: ImageFile): boolean;
  /** Throws InputError, with the reason, when the disk cannot be read whole. Damage of a part is reported and read as zeros. */
  open(file: ImageFile, reports: Reports): OpenedImage;
}
