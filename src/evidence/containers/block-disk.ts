/**
 * A disk whose blocks a table in one file leads to. In: what a subclass says of a block. Out: its bytes, or zeros for one that cannot
 * be read, which is reported. Closing it closes the file.
 */
import type { Reports } from '../../logs/reports.ts';
import type { ByteSource } from '../../model/reader.ts';
import { UnitSource } from '../bytes.ts';
import type { ImageFile } from './container.ts';

export abstract class BlockDisk extends UnitSource {
  protected readonly file: ByteSource;
  readonly #reports: Reports;

  constructor({ path, bytes }: Pick<ImageFile, 'path' | 'bytes'>, size: number, blockBytes: number, reports: Reports) {
    super(path, size, blockBytes);
    this.file = bytes;
    this.#reports = reports;
  }

  /** How many blocks from this one on are zeros without being looked at; 0 for one that has bytes. */
  protected abstract zerosAt(block: number): number;

  protected override nextUnit(unit: number): number {
    const end = Math.ceil(this.size / this.unitBytes);
    for (let next = unit; next < end; ) {
      const zeros = this.zerosAt(next);
      if (zeros === 0) return next;
      next += zeros;
    }
    return end;
  }

  /** `what`: the block and why it cannot be read. */
  protected damaged(block: number, what: string): void {
    this.#reports.report('image/chunk-damaged', block * this.unitBytes, `${what}: read as zeros.`);
  }

  override close(): void {
    this.file.close();
  }
}
