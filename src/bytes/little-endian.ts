// HOT: read for every number of a log.
/** Reads numbers at any place of a buffer. The caller must have checked that their bytes are there. */

export function uint16At(buffer: Buffer, at: number): number {
  return buffer[at]! | (buffer[at + 1]! << 8);
}

export function int32At(buffer: Buffer, at: number): number {
  return buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24);
}

export function uint32At(buffer: Buffer, at: number): number {
  return int32At(buffer, at) >>> 0;
}
