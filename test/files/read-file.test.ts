import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFileWithin, SmallFileReader } from '../../src/files/read-file.ts';
import { folderWith } from '../support/folder.ts';

describe('a file within a bound', () => {
  test('is read to its last byte, of any size up to the bound', () => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const path = join(folderWith({ a: 'x'.repeat(size) }), 'a');
      expect(readFileWithin(path, 200_000).length).toBe(size);
      expect(new SmallFileReader().read(path)?.length ?? 'large').toBe(size < 65_536 ? size : 'large');
    }
  });

  test('is refused with its size where it is larger', () => {
    const path = join(folderWith({ a: 'x'.repeat(11) }), 'a');
    expect(() => readFileWithin(path, 10)).toThrow('it has 11 bytes; at most 10 are read');
  });

  test.skipIf(!existsSync('/dev/zero'))('is none where it never ends or never begins', () => {
    const folder = folderWith({});
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(() => readFileWithin('/dev/zero', 10)).toThrow('it is no regular file');
    expect(() => readFileWithin(join(folder, 'pipe'), 10)).toThrow('it is no regular file');
    expect(() => readFileWithin(folder, 10)).toThrow('it is a folder');
  });

  test.skipIf(!existsSync('/proc/self/maps'))('is bounded also where it does not know its size', () => {
    expect(() => readFileWithin('/proc/self/maps', 10)).toThrow('it has more than 10 bytes');
  });
});
