import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isZip, readZip } from '../../../src/sigma/files/zip.ts';
import { tries } from '../../support/random.ts';
import { type ZipFile, zipOf } from './zip-writer.ts';

function contents(bytes: Buffer): [string, string][] | string {
  const entries = readZip(bytes);
  if (typeof entries === 'string') return entries;
  return entries.map((entry) => {
    const content = entry.read();
    return [entry.name, typeof content === 'string' ? `(${content})` : content.toString()];
  });
}

describe('reading zip archives', () => {
  test('gives names and contents of stored and deflated files, folders left out', () => {
    const files: ZipFile[] = [
      { name: 'rules/', content: '', stored: true },
      { name: 'rules/a.yml', content: 'title: a\n'.repeat(50) },
      { name: 'rules\\ü.yml', content: 'title: ü\n', stored: true },
      { name: 'empty.yml', content: '' },
    ];
    expect(isZip(zipOf(files))).toBe(true);
    expect(contents(zipOf(files))).toEqual([
      ['rules/a.yml', 'title: a\n'.repeat(50)],
      ['rules/ü.yml', 'title: ü\n'],
      ['empty.yml', ''],
    ]);
    expect(contents(Buffer.concat([zipOf([]), Buffer.from('a comment')]))).toEqual([]);
  });

  test('says what is wrong with an entry and reads the others', () => {
    const content = 'x'.repeat(1000);
    expect(
      contents(
        zipOf([
          { name: 'encrypted', content, claims: { flags: 1 } },
          { name: 'method', content, claims: { method: 14 } },
          { name: 'large', content, claims: { size: 1 << 30 } },
          { name: 'bomb', content, claims: { size: 10 } },
          { name: 'checksum', content, claims: { checksum: 1 } },
          { name: 'nowhere', content, claims: { local: 5 } },
          { name: 'good', content: 'good' },
        ]),
      ),
    ).toEqual([
      ['encrypted', '(it is encrypted)'],
      ['method', '(compression method 14 is not supported (stored and deflate are))'],
      ['large', '(it is 1073741824 bytes long; at most 16777216 are read)'],
      ['bomb', expect.stringMatching(/^\(it cannot be decompressed: /)],
      ['checksum', '(its content does not fit its checksum)'],
      ['nowhere', '(no entry at offset 5)'],
      ['good', 'good'],
    ]);
  });

  test('refuses what has no directory', () => {
    expect(contents(Buffer.from('PK\x03\x04'))).toMatch(/no end-of-directory record/);
    const cut = zipOf([{ name: 'a', content: 'a' }]);
    expect(contents(cut.subarray(0, cut.length - 30))).toMatch(/no end-of-directory record/);
  });

  test('never throws, whatever the bytes are', () => {
    const good = zipOf([
      { name: 'a.yml', content: 'title: a' },
      { name: 'b.yml', content: 'title: b', stored: true },
    ]);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of changes) bytes[at] = byte;
        contents(bytes);
      }),
      { numRuns: tries(650) },
    );
  });
});
