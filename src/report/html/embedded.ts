/**
 * Data inside of a page. In: any value. Out: a `<script>` that no browser runs: JSON, deflated, in base64. That keeps a report of
 * many events small, and none of its characters can end the element.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** Most of the gain for a third of the time of the best. */
const LEVEL = 5;

export type BlockKind = 'events' | 'head';

export function dataBlock(kind: BlockKind, value: unknown): string {
  const json = Buffer.from(JSON.stringify(value));
  const packed = deflateSync(json, { level: LEVEL }).toString('base64');
  return `<script type="application/octet-stream" data-block="${kind}" data-bytes="${json.length}">${packed}</script>\n`;
}

/** What a Content-Security-Policy calls an element's text. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
