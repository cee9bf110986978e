/** Events that look-back shows, as they are read again for it. */
import { describe, expect, test } from 'vitest';
import type { LookbackCollector } from '../../src/findings/lookback/lookback.ts';
import { snapshotRecord } from '../../src/findings/store/snapshot-record.ts';
import type { EventSnapshot } from '../../src/model/event.ts';
import { supplySink } from '../../src/scan/look-back/read-context.ts';
import { snapshot } from '../findings/support.ts';

/** What a collector is given of an event that it wants. */
function supplied(event: EventSnapshot): EventSnapshot {
  const held: EventSnapshot[] = [];
  const collector = { wantedIn: () => new Set([event.offset]), hold: (each: EventSnapshot) => held.push(each) };
  supplySink(collector as unknown as LookbackCollector, event.file, 0).event(snapshotRecord(event));
  return held[0]!;
}

const LONG = 'x'.repeat(5_000);

describe('long values of events around a match', () => {
  const withText = (eventId: number) => snapshot(0, { eventId, data: { Text: LONG, List: ['a', LONG], Short: 'y' } });

  test('are cut, as they are shown in a line or two', () => {
    const event = supplied(withText(1));
    expect({ ...event.data }).toEqual({ Text: LONG.slice(0, 4_096), List: ['a', LONG], Short: 'y' });
  });

  test.each([20, 5861])('are whole in event %i: consumers of WMI are looked into', (eventId) => {
    expect({ ...supplied(withText(eventId)).data }).toEqual({ Text: LONG, List: ['a', LONG], Short: 'y' });
  });
});
