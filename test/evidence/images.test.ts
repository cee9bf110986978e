/**
 * Every log of the manifest in every container, by SHA-256. The images are made by ../shared/tools/make-images.sh and make-vss.sh;
 * WINNOW_IMAGES names the folder they are in. Without it these tests are skipped.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Evidence } from '../../src/evidence/evidence.ts';
import { findLogs } from '../../src/evidence/find-logs.ts';
import { Catalog } from '../../src/evidence/ntfs/catalog.ts';
import { Reports } from '../../src/logs/reports.ts';
import { type Diagnostic, formatDiagnostic } from '../../src/model/diagnostic.ts';
import type { ByteSource } from '../../src/model/reader.ts';

const folder = process.env.WINNOW_IMAGES ?? '';
const has = (name: string): boolean => folder !== '' && existsSync(join(folder, name));

interface Row {
  readonly what: string;
  readonly path: string;
  readonly sha256: string;
}

function manifest(name: string): Row[] {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [what, path, , sha256] = line.split('\t') as [string, string, string, string];
    return { what, path: `\\${path.replaceAll('/', '\\')}`, sha256 };
  });
}

function sha256(source: ByteSource): string {
  const hash = createHash('sha256');
  const block = Buffer.alloc(1 << 20);
  for (let at = 0; ; ) {
    const got = source.read(block, at);
    if (got === 0) return hash.digest('hex');
    hash.update(block.subarray(0, got));
    at += got;
  }
}

interface Found {
  /** `live \Windows\...` -> SHA-256 of what was found there. */
  readonly logs: Map<string, string>;
  readonly diagnostics: string[];
}

/** Files that are no logs, as the MFT has them. */
function otherFiles(evidence: Evidence, names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { source } of evidence.volumes.filter(({ fileSystem }) => fileSystem === 'NTFS')) {
    const ntfs = evidence.fileSystem(source);
    const catalog = new Catalog(ntfs, (name) => names.includes(name));
    for (const { record, live, names: own } of catalog.wanted) {
      if (live) found.set(`live ${catalog.path(own[0]!)}`, sha256(ntfs.streams(record).get('')!));
    }
  }
  return found;
}

/** Each log is opened again from its locator as JSON, as another thread would. */
function find(image: string): Found {
  const diagnostics: string[] = [];
  const reports = new Reports(image, { diagnostic: (diagnostic: Diagnostic) => diagnostics.push(formatDiagnostic(diagnostic)) });
  const evidence = new Evidence(join(folder, image), reports);
  const again = new Evidence(join(folder, image), new Reports(image, { diagnostic: () => {} }));
  const logs = new Map<string, string>();
  for (const { locator, otherPaths } of findLogs(evidence, { shadow: 'all', allFiles: true })) {
    const source = again.open(JSON.parse(JSON.stringify(locator)));
    const state = locator.snapshot === null ? locator.state : `vss${locator.snapshot.number}`;
    for (const path of [locator.path, ...otherPaths]) {
      logs.set(`${state} ${path}${locator.stream === '' ? '' : `:${locator.stream}`}`, sha256(source));
    }
  }
  for (const [path, hash] of otherFiles(evidence, ['SYSTEM', 'SOFTWARE', 'notes.txt'])) logs.set(path, hash);
  evidence.close();
  again.close();
  return { logs, diagnostics };
}

const CONTAINERS = [
  'raw',
  'ntfs',
  'E01',
  'qcow2',
  'compressed.qcow2',
  'vmdk',
  'stream.vmdk',
  'split.vmdk',
  'flat.vmdk',
  'vhd',
  'fixed.vhd',
  'vhdx',
  'fixed.vhdx',
  'dd.001',
];

const SIZES = ['small', 'large'].filter((size) => folder === '' || has(`${size}.manifest.tsv`));

describe.each(SIZES)('%s images', (size) => {
  const names = [...CONTAINERS.map((ending) => `${size}.${ending}`), `${size}-parts.E01`];
  test.skipIf(folder === '').each(names.filter((name) => folder === '' || has(name)))(
    '%s gives every log of the manifest',
    (name) => {
      const { logs, diagnostics } = find(name);
      const rows = manifest(`${size}.manifest.tsv`);
      const wrong = rows.filter(({ what, path, sha256 }) => logs.get(`${what === 'deleted' ? what : 'live'} ${path}`) !== sha256);
      expect(wrong).toEqual([]);
      expect(rows.length).toBeGreaterThan(270);
      // The EFI partition of the small image is not formatted.
      expect(diagnostics.filter((line) => !line.includes('volume p1 (16777216 bytes) has no file system'))).toEqual([]);
    },
  );
});

test.skipIf(!has('vss.ntfs'))('shadow copies give every log of each state', () => {
  const { logs } = find('vss.ntfs');
  const rows = manifest('vss.manifest.tsv');
  expect(rows.filter(({ what, path, sha256 }) => logs.get(`${what} ${path}`) !== sha256)).toEqual([]);
  expect(rows.length).toBeGreaterThan(80);
});
