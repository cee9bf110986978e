/** Every shape that is tested with the same events. */
import { gzipSync } from 'node:zlib';
import { tar, zip } from '../../logs/archives/make-archives.ts';
import { elasticShapes } from './elastic.ts';
import type { Shape } from './shape.ts';
import { shipperShapes } from './shippers.ts';
import { tableShapes } from './tables.ts';
import { treeShapes } from './trees.ts';
import { xmlShapes } from './xml.ts';

const wevtutil = xmlShapes[0]!;
function archive(name: string, file: string, pack: (log: Buffer) => Buffer): Shape {
  return { ...wevtutil, name, file, write: (events) => pack(Buffer.from(wevtutil.write(events) as string)) };
}
const archiveShapes: readonly Shape[] = [
  archive('gzip', 'log.gz', (log) => gzipSync(log)),
  archive('ZIP', 'log.zip', (log) => zip([{ path: 'a/log.xml', content: log }])),
  archive('tar.gz', 'log.tgz', (log) => gzipSync(tar([{ path: 'a/log.xml', content: log }]))),
  archive('ZIP in a ZIP', 'nested.zip', (log) =>
    zip([{ path: 'in.zip', content: zip([{ path: 'log.xml', content: log }]), stored: true }]),
  ),
];

export const shapes: readonly Shape[] = [
  ...xmlShapes,
  ...treeShapes,
  ...elasticShapes,
  ...shipperShapes,
  ...tableShapes,
  ...archiveShapes,
];
