/** Other EVTX parsers, where they are installed: libevtx (`evtxexport`, Debian libevtx-utils) and evtx (`evtx_dump`, cargo). */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Peer {
  readonly name: 'evtxexport' | 'evtx_dump';
  readonly path: string;
  /** Arguments before the file, for XML. */
  readonly xml: readonly string[];
}

function find(name: string, variable: string): string | null {
  const given = process.env[variable];
  if (given !== undefined && existsSync(given)) return given;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** `EVTXEXPORT` and `EVTX_DUMP` name binaries outside of PATH. */
export function findPeers(): Peer[] {
  const peers: Peer[] = [];
  const evtxexport = find('evtxexport', 'EVTXEXPORT');
  if (evtxexport !== null) peers.push({ name: 'evtxexport', path: evtxexport, xml: ['-f', 'xml'] });
  const evtxDump = find('evtx_dump', 'EVTX_DUMP');
  if (evtxDump !== null) peers.push({ name: 'evtx_dump', path: evtxDump, xml: ['-t', '1', '-o', 'xml'] });
  return peers;
}

/** The peer's events as XML, in file order; null when it refuses the file. */
export function peerEvents(peer: Peer, file: string): string[] | null {
  const { stdout, status } = spawnSync(peer.path, [...peer.xml, file], { maxBuffer: 1 << 30 });
  if (status !== 0 && stdout.length === 0) return null;
  const events = stdout.toString('utf8').split(/^(?=<Event[ >])/m);
  return events.slice(1).map((event) => event.slice(0, event.lastIndexOf('</Event>') + 8));
}

export function evtxFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.toLowerCase().endsWith('.evtx'))
    .sort()
    .map((path) => join(folder, path));
}
