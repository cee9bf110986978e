/** What the shipped rules find in logs: our own, and recorded attacks of the acceptance corpus. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';
import { eventsOf, find } from './shipped.ts';

const fixture = (name: string): string => join(projectRoot, 'fixtures', name);
const sample = (...parts: string[]): string => shared('corpus', 'exports', ...parts);

type RuleName =
  | 'wmi_filter_registered'
  | 'wmi_consumer_registered'
  | 'wmi_suspicious_consumer'
  | 'wmi_filter_bound'
  | 'wmi_native_binding'
  | 'wmi_subscription_sequence'
  | 'wmi_subscription_partial';

/** Rule -> EventRecordIDs, one list per finding. */
async function found(path: string): Promise<Partial<Record<RuleName, string[][]>>> {
  const events = await eventsOf(path);
  const recordId = (index: number): string => String(events[index]?.value(events[index].shape.system.recordId));
  const table: Partial<Record<RuleName, string[][]>> = {};
  for (const { rule, records } of find(events)) {
    const name = rule as RuleName;
    table[name] = [...(table[name] ?? []), records.map(recordId)];
  }
  return table;
}

const SUBSCRIPTION = {
  wmi_filter_registered: [['41835']],
  wmi_consumer_registered: [['41831']],
  wmi_suspicious_consumer: [['41833']],
  wmi_filter_bound: [['41833']],
  wmi_native_binding: [['1461']],
};

describe('in the fixtures the shipped rules', () => {
  it.each(['wmi-subscription.xml', 'wmi-subscription.jsonl', 'wmi-subscription.winlogbeat.jsonl'])(
    'find the subscription in %s',
    async (name) => {
      const { wmi_subscription_sequence, wmi_subscription_partial, ...single } = await found(fixture(name));
      expect(single).toEqual(SUBSCRIPTION);
      expect(wmi_subscription_sequence?.map((records) => [...records].sort())).toEqual([['41831', '41833', '41835']]);
      expect(wmi_subscription_partial).toHaveLength(1);
    },
  );

  it.each(['benign.xml', 'security.xml', 'powershell.xml'])('find nothing in %s', async (name) => {
    expect(await found(fixture(name))).toEqual({});
  });

  it('find the API call that stores a command line consumer', async () => {
    expect(find(await eventsOf(fixture('elastic-defend-api.jsonl')))).toEqual([
      { rule: 'wmi_suspicious_consumer_endpoint_api', records: [0] },
    ]);
  });
});

describeShared('in recorded attacks the shipped rules', () => {
  it.each(['events.xml', 'wevtutil.pretty.xml', 'wevtutil.utf16.xml'])(
    'find one sequence whose filter was logged last (wmi-commandline-consumer.%s)',
    async (form) => {
      const table = await found(sample('xml', `wmi-commandline-consumer.${form}`));
      expect(table.wmi_suspicious_consumer).toEqual([['16112']]);
      expect(table.wmi_filter_bound).toEqual([['16112']]);
      expect(table.wmi_filter_registered).toHaveLength(1);
      expect(table.wmi_consumer_registered).toEqual([['16111']]);
      expect(table.wmi_subscription_sequence).toHaveLength(1);
    },
  );

  it.each(['events.xml', 'wevtutil.pretty.xml', 'wevtutil.utf16.xml'])(
    'find a changed consumer without a filter (wmi-ghost.%s)',
    async (form) => {
      expect(await found(sample('xml', `wmi-ghost.${form}`))).toEqual({
        wmi_consumer_registered: [['7195']],
        wmi_suspicious_consumer: [['7197']],
        wmi_filter_bound: [['7197']],
        wmi_subscription_partial: [['7195', '7197']],
      });
    },
  );

  it('find a binding two minutes after its parts (panache-atomic)', async () => {
    const table = await found(sample('xml', 'panache-atomic.events.xml'));
    expect(table.wmi_suspicious_consumer).toHaveLength(1);
    expect(table.wmi_subscription_sequence).toHaveLength(1);
  });

  it('find a remote subscription whose consumer is left in the message only (covenant, NXLog)', async () => {
    const table = await found(sample('nxlog', 'covenant_wmi_remote_event_subscription.jsonl'));
    expect(table.wmi_suspicious_consumer).toHaveLength(1);
    expect(table.wmi_consumer_registered).toEqual([['430273']]);
    expect(table.wmi_native_binding).toEqual([['421']]);
    expect(table.wmi_subscription_sequence).toHaveLength(1);
  });
});

describe('the forms of the subscription log', () => {
  /** Data by channel and EventRecordID; the exporters trim values or leave empty ones out. */
  async function dataOf(name: string): Promise<Record<string, unknown>> {
    const events = (await eventsOf(fixture(name))).map((event) => snapshotEvent(event, ''));
    return Object.fromEntries(
      events
        .map(({ Channel, Computer, EventRecordID, Provider, EventID, timeUs, data }) => [
          `${Channel} ${Computer} ${EventRecordID}`,
          { Provider, EventID, timeMs: Math.floor(timeUs / 1000), data: trimmed(data) },
        ])
        .sort(([a], [b]) => String(a).localeCompare(String(b))),
    );
  }

  function trimmed(data: EventSnapshot['data']): [string, string][] {
    return (
      Object.entries(data)
        .map(([name, value]): [string, string] => [name, String(value).trimEnd()])
        // Winlogbeat calls unnamed data param1, param2 ...: the reader offers Data beside names of that kind.
        .filter(([name, value]) => value !== '' && !(name === 'Data' && 'param1' in data))
    );
  }

  it.each(['wmi-subscription.jsonl', 'wmi-subscription.winlogbeat.jsonl'])(
    '%s holds the same events as the XML',
    async (name) => {
      expect(await dataOf(name)).toEqual(await dataOf('wmi-subscription.xml'));
    },
  );
});
