/** Single records of real logs: what is left of chunks whose first 16 KiB were written over reads as it did in the log. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import '../../src/evidence/opener.ts';
import { collectLogs } from '../../src/evidence/collect.ts';
import { openEvtx } from '../../src/logs/evtx/index.ts';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import { snapshotEvent } from '../../src/model/event.ts';
import { temporaryFolder } from '../support/folder.ts';
import { describeShared, shared } from '../support/shared.ts';
import { gptDisk } from './make-image.ts';
import { makeVolume } from './make-volume.ts';

const HEADER = 4096;
const CHUNK = 65536;
const LOST = 16384;
const LOGS = [
  'Execution/rogue_msi_url_1040_1042.evtx',
  'Lateral Movement/LM_5145_Remote_FileCopy.evtx',
  'Persistence/DACL_DCSync_Right_Powerview_ Add-DomainObjectAcl.evtx',
];

describeShared('single records of real logs', () => {
  test.each(LOGS)('%s', async (name) => {
    const log = readFileSync(shared('corpus', 'evtx-attack-samples', name));
    const wanted = new Set<string>();
    for (const { offset, event } of openEvtx(log)) {
      if (offset >= HEADER + CHUNK && (offset - HEADER) % CHUNK >= LOST)
        wanted.add(JSON.stringify(snapshotEvent(event, '').data));
    }
    // The log of the volume has its first chunk only, from which the templates are.
    const disk = gptDisk([makeVolume([{ path: '\\live.evtx', data: log.subarray(0, HEADER + CHUNK) }]).bytes]);
    const rest = Buffer.from(log.subarray(HEADER + CHUNK));
    for (let at = 0; at < rest.length; at += CHUNK) rest.fill(0xee, at, at + LOST);
    const path = join(temporaryFolder(), 'disk');
    writeFileSync(path, Buffer.concat([disk, rest]));
    const found = await collectLogs([path], { shadow: 'none', allFiles: false, carve: true, hash: false });
    const got: string[] = [];
    const read = await readLogs(
      [],
      (event) => {
        got.push(JSON.stringify(snapshotEvent(event, '').data));
        return true;
      },
      new AbortController().signal,
      { found: { sources: found.sources.filter(({ path: file }) => file.includes('Carved records')), diagnostics: [] } },
    );
    expect(wanted.size).toBeGreaterThan(5);
    expect(new Set(got)).toEqual(wanted);
    expect(read.diagnostics).toEqual([]);
    expect(found.account.records.carved).toBe(got.length);
  });
});
