/**
 * Every file of the manifest in every container, by SHA-256. The images are made by ../shared/tools/make-images.sh and make-vss.sh;
 * WINNOW_IMAGES names the folder that they are in. Without it these tests are skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Evidence } from '../../src/evidence/evidence.ts';
import { Catalog } from '../../src/evidence/ntfs/catalog.ts';
import { Reports } from '../../src/logs/reports.ts';
import { find, sha256 } from './support.ts';

const folder = process.env.WINNOW_IMAGES ?? '';
const has = (name: string): boolean => existsSync(join(folder, name));

interface Row {
  /** `live`, `compressed`, `deleted`, `other`, `vss1`, ... */
  readonly what: string;
  readonly path: string;
  readonly sha256: string;
}

function manifest(name: string): Row[] {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [what, path, , hash] = line.split('\t') as [string, string, string, string];
    return { what, path: `\\${path.replaceAll('/', '\\')}`, sha256: hash };
  });
}

/** Files that are no logs, as the MFT has them. */
function otherFiles(image: string, names: readonly string[]): Map<string, string> {
  const evidence = new Evidence(image, new Reports(image, { diagnostic: () => {} }));
  const found = new Map<string, string>();
  for (const { source } of evidence.volumes.filter(({ fileSystem }) => fileSystem === 'NTFS')) {
    const ntfs = evidence.fileSystem(source);
    const catalog = new Catalog(ntfs, (name) => names.includes(name));
    for (const { record, live, names: own } of catalog.wanted) {
      if (live) found.set(`live ${catalog.path(own[0]!)}`, sha256(ntfs.streams(record).get('')!));
    }
  }
  evidence.close();
  return found;
}

// biome-ignore format: a table
const ENDINGS = ['raw', 'ntfs', 'dd.001', 'E01', 'qcow2', 'compressed.qcow2', 'vmdk', 'stream.vmdk', 'split.vmdk', 'flat.vmdk', 'vhd', 'fixed.vhd', 'vhdx', 'fixed.vhdx'];

describe.each(['small', 'large'])('the %s image', (size) => {
  const names = [...ENDINGS.map((ending) => `${size}.${ending}`), `${size}-parts.E01`];
  for (const name of names) {
    test.skipIf(folder === '' || !has(name))(`${name} gives every file of the manifest`, () => {
      const path = join(folder, name);
      const { logs, diagnostics } = find(path, { allFiles: true });
      const all = new Map([...logs, ...otherFiles(path, ['SYSTEM', 'SOFTWARE', 'notes.txt'])]);
      const rows = manifest(`${size}.manifest.tsv`);
      expect(rows.filter((row) => all.get(`${row.what === 'deleted' ? 'deleted' : 'live'} ${row.path}`) !== row.sha256)).toEqual(
        [],
      );
      expect(rows.length).toBe(size === 'small' ? 318 : 281);
      // The EFI partition of the small image is not formatted.
      expect(diagnostics.filter((line) => !line.includes('volume p1 (16777216 bytes) has no file system'))).toEqual([]);
    });
  }
});

test.skipIf(folder === '' || !has('vss.ntfs'))('shadow copies give every log of each state', () => {
  const { logs } = find(join(folder, 'vss.ntfs'));
  const rows = manifest('vss.manifest.tsv');
  const wrong = rows.filter(({ what, path, sha256: hash }) => logs.get(`${what} ${path}`) !== hash);
  expect(wrong).toEqual([]);
  expect(rows.filter(({ what }) => what !== 'live').length).toBe(63);
});
