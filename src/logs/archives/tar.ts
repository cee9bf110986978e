/** tar, plain or compressed with gzip or Zstandard. In: a source. Out: the archive's members. */
import { gunzipBlocks, gunzipHead, isGzip } from '../open/gzip.ts';
import type { ArchiveKind } from './archive.ts';
import { sourceBytes } from './source-bytes.ts';
import { isTarHeader, tarMembers } from './tar-members.ts';

const nobody = (): void => {};

export const archive: ArchiveKind = {
  sniff: (head) => isTarHeader(isGzip(head) ? gunzipHead(head) : head),
  async *members(source) {
    const head = Buffer.alloc(3);
    source.read(head, 0);
    const bytes = sourceBytes(source);
    yield* tarMembers(isGzip(head) ? gunzipBlocks(bytes, nobody) : bytes);
  },
};
