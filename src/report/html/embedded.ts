/**
 * Embeds data in a page. In: any value. Out: a `<script>` that browsers do not run, with JSON that is deflated and encoded in
 * base64. This keeps large reports small, and no character of the data can end the element.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** This level gives most of the compression in a third of the time of the best one. */
const LEVEL = 5;

export type BlockKind = 'events' | 'head';

export function dataBlock(kind: BlockKind, value: unknown): string {
  const json = Buffer.from(JSON.stringify(value));
  const packed = deflateSync(json, { level: LEVEL }).toString('base64');
  return `<script type="application/octet-stream" data-block="${kind}" data-bytes="${json.length}">${packed}</script>\n`;
}

/** The hash by which a Content-Security-Policy names the text of an element. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
