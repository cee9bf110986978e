/**
 * Decodes Base64 in an event, layer by layer, because scripts may be encoded several times. In: an event, and the most characters
 * that are wanted. Out: each payload with its field. Texts still have to be made harmless.
 */
import { decodedPayloads } from '../findings/wmi/payloads.ts';
import type { EventSnapshot } from '../model/event.ts';
import { valueText } from './event-text.ts';

const MAX_LAYERS = 4;

export interface DecodedLayer {
  readonly field: string;
  /** 1 for what decodes from the field itself. */
  readonly layer: number;
  readonly text: string;
}

export function* decodedLayers(
  { data }: Pick<EventSnapshot, 'data'>,
  maxLength = Number.POSITIVE_INFINITY,
): Iterable<DecodedLayer> {
  let left = maxLength;
  for (const [field, value] of Object.entries(data)) {
    let payloads = value === null ? [] : decodedPayloads(valueText(value));
    for (let layer = 1; payloads.length > 0 && layer <= MAX_LAYERS; layer++) {
      for (const text of payloads) {
        if (left <= 0) return;
        yield { field, layer, text: text.length <= left ? text : `${text.slice(0, left)}\u2026` };
        left -= text.length;
      }
      payloads = payloads.flatMap((text) => decodedPayloads(text));
    }
  }
}
