/** Volume shadow copies: each state of a volume is found, whichever volume the differences are kept on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { gptDisk } from './make-image.ts';
import { addShadow, volumeHeader } from './make-shadow.ts';
import { makeVolume } from './make-volume.ts';
import { find, madeLog, sha256 } from './support.ts';

const PATH = '\\Windows\\System32\\winevt\\Logs\\Security.evtx';
const FREE_AT = 2 << 20;
const FIRST = Date.UTC(2026, 0, 1);
const SECOND = Date.UTC(2026, 0, 2);
/** Cleared between the first and the second; grown since. */
const states = ['full', 'cleared', 'grown'].map((text, i) => madeLog(text, 3 - i + (i === 2 ? 1 : 0)));
const volumes = states.map((data) => makeVolume([{ path: PATH, data }]).bytes);
const everyState = new Map([
  [`live ${PATH}`, sha256(states[2]!)],
  [`vss2 ${PATH}`, sha256(states[1]!)],
  [`vss1 ${PATH}`, sha256(states[0]!)],
]);

function findIn(disk: Buffer, options?: Parameters<typeof find>[1]) {
  const path = join(temporaryFolder(), 'disk');
  writeFileSync(path, disk);
  return find(path, options);
}

/** Two snapshots; their stores on `storage`, or on the volume itself. */
function withShadows(storage?: Buffer): Buffer {
  const [first, second, live] = volumes.map((bytes) => Buffer.from(bytes)) as [Buffer, Buffer, Buffer];
  const on = storage ?? live;
  const after = addShadow(second, first, { storage: on, freeAt: FREE_AT }, 1, FIRST, FREE_AT);
  addShadow(live, second, { storage: on, freeAt: after }, 2, SECOND, FREE_AT);
  volumeHeader(live, FREE_AT, 1, storage === undefined ? 1 : 2);
  return live;
}

describe('shadow copies', () => {
  test('give every state of a log', () => {
    expect(findIn(withShadows())).toEqual({ logs: everyState, diagnostics: [] });
  });

  test('can be left out', () => {
    const disk = withShadows();
    expect([...findIn(disk, { shadow: 'newest' }).logs.keys()]).toEqual([`live ${PATH}`, `vss2 ${PATH}`]);
    expect([...findIn(disk, { shadow: 'none' }).logs.keys()]).toEqual([`live ${PATH}`]);
  });

  test('are found on another volume, by its identifier', () => {
    const storage = makeVolume([]).bytes;
    volumeHeader(storage, 0, 2, 2);
    expect(findIn(gptDisk([withShadows(storage), storage]))).toEqual({ logs: everyState, diagnostics: [] });
  });

  test('are found on another volume that has no identifier, by the catalog that is there', () => {
    const storage = makeVolume([]).bytes;
    expect(findIn(gptDisk([makeVolume([]).bytes, withShadows(storage), storage])).logs).toEqual(everyState);
  });

  test('are found on another volume whose header says whose they are', () => {
    const storage = makeVolume([]).bytes;
    const live = withShadows(storage);
    volumeHeader(live, 0, 1, 1);
    volumeHeader(storage, FREE_AT, 1, 2);
    expect(findIn(gptDisk([live, storage]))).toEqual({ logs: everyState, diagnostics: [] });
    // Without a header of its own: the only volume of that size.
    live.fill(0, 0x1e00, 0x1e80);
    const other = makeVolume([{ path: '\\other.evtx', data: states[0]! }], { size: 2 << 20 }).bytes;
    const { logs, diagnostics } = findIn(gptDisk([other, live, storage]));
    expect(logs).toEqual(new Map([...everyState, ['live \\other.evtx', sha256(states[0]!)]]));
    expect(diagnostics).toEqual([]);
  });

  test('of a volume that is not there are not taken for those of the one that keeps them', () => {
    const storage = makeVolume([{ path: PATH, data: states[2]! }]).bytes;
    withShadows(storage);
    volumeHeader(storage, FREE_AT, 1, 2);
    const { logs, diagnostics } = findIn(storage);
    expect([...logs.keys()]).toEqual([`live ${PATH}`]);
    expect(diagnostics).toEqual([expect.stringMatching(/keeps shadow copies of a volume that is not in this image/)]);
  });

  test('on a volume that is not there are told', () => {
    const { logs, diagnostics } = findIn(withShadows(makeVolume([]).bytes));
    expect([...logs.keys()]).toEqual([`live ${PATH}`]);
    expect(diagnostics).toEqual([
      expect.stringMatching(/error vss\/storage-missing: the shadow copies of .* are on a volume that is not in this image/),
    ]);
  });

  test('with a damaged catalog are told', () => {
    const disk = withShadows();
    disk.fill(0, FREE_AT, FREE_AT + 16);
    const { logs, diagnostics } = findIn(disk);
    expect([...logs.keys()]).toEqual([`live ${PATH}`]);
    expect(diagnostics).toEqual([expect.stringMatching(/error vss\/catalog-damaged/)]);
  });

  test('whose list of blocks leads back to itself end', () => {
    const disk = withShadows();
    const list = FREE_AT + 0x4000;
    disk.writeBigUInt64LE(BigInt(list), list + 40);
    expect(findIn(disk).logs).toEqual(everyState);
  });
});
