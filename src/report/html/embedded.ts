/**
 * Embeds data in a page. In: JSON. Out: a `<script>` that browsers do not run, with the JSON deflated and encoded in
 * base64. This keeps large reports small, and no character of the data can end the element.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** A page of facts and details apart is as small with this level as with 5 when they were together; 9 saves no more than 1 %. */
const LEVEL = 7;

/** `details` has a line of JSON for each of the events of the block before. */
export type BlockKind = 'events' | 'details' | 'head';

export function dataBlock(kind: BlockKind, text: string): string {
  const json = Buffer.from(text);
  const packed = deflateSync(json, { level: LEVEL }).toString('base64');
  return `<script type="application/octet-stream" data-block="${kind}" data-bytes="${json.length}">${packed}</script>\n`;
}

/** The hash by which a Content-Security-Policy names the text of an element. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
