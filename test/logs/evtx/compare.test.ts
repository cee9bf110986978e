/**
 * Every event of the corpus against two other parsers, field by field. Runs where they are installed; see docs/evtx.md for the
 * classes of differences.
 */
import { describe, expect, it } from 'vitest';
import { openEvtx } from '../../../src/logs/evtx/index.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { type Difference, differences, leavesOf } from './support/compare.ts';
import { evtxFiles, findPeers, type Peer, peerEvents } from './support/peers.ts';

const EXPLAINED = {
  evtxexport: ['control-character', 'hex-padding', 'time-digits'],
  evtx_dump: ['control-character', 'guid-case'],
};

/** `peer` reads as many events, and what differs is of a known kind. */
function compareFile(peer: Peer, file: string): { readonly counts: readonly [number, number]; readonly found: Difference[] } {
  const theirs = peerEvents(peer, file) ?? [];
  const found: Difference[] = [];
  let events = 0;
  const log = openEvtx(file);
  for (const record of log) {
    const other = theirs[events++];
    if (other !== undefined) found.push(...differences(leavesOf(record.xml()), leavesOf(other)));
  }
  log.close();
  return { counts: [events, theirs.length], found };
}

const peers = hasShared ? findPeers() : [];

describe.skipIf(peers.length === 0)('another parser', () => {
  it.each(peers)('$name gives the same events, apart from the differences that are explained', { timeout: 300_000 }, (peer) => {
    const files = ['regression', 'evtx-attack-samples'].flatMap((set) => evtxFiles(shared('corpus', set)));
    const kinds = new Map<string, number>();
    const unexplained: unknown[] = [];
    for (const file of files) {
      const { counts, found } = compareFile(peer, file);
      if (counts[0] !== counts[1]) unexplained.push({ file, counts });
      for (const difference of found) {
        kinds.set(difference.kind, (kinds.get(difference.kind) ?? 0) + 1);
        if (difference.kind === 'unexplained') unexplained.push({ file, ...difference });
      }
    }
    expect(unexplained).toEqual([]);
    expect([...kinds.keys()].sort()).toEqual(EXPLAINED[peer.name]);
  });
});
