/**
 * Opens the disk in an image file. In: an image in any container, recognised by content. Out: the disk. Throws InputError with
 * the reason when it cannot be read.
 */
import type { Reports } from '../logs/reports.ts';
import { readExactly } from './bytes.ts';
import type { ImageFile, OpenedImage } from './containers/container.ts';
import { containers } from './containers/registry.generated.ts';
import { openFile } from './open-file.ts';

export type { OpenedImage } from './containers/container.ts';

/** How many bytes at the start and the end are read to recognise a container: enough for a boot sector, a header or a footer. */
const PROBE_BYTES = 512;

export function openImage(path: string, reports: Reports): OpenedImage {
  const bytes = openFile(path);
  try {
    const length = Math.min(PROBE_BYTES, bytes.size);
    const head = readExactly(bytes, 0, length, 'the beginning of the image');
    const tail = readExactly(bytes, bytes.size - length, length, 'the end of the image');
    const file: ImageFile = { path, bytes, head, tail };
    return BY_PRIORITY.find((container) => container.recognise(file))!.open(file, reports);
  } catch (error) {
    bytes.close();
    throw error;
  }
}

const BY_PRIORITY = [...containers].sort((a, b) => a.priority - b.priority);
