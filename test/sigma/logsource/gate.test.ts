import { describe, expect, it } from 'vitest';
import { PlainEvent, plainEvent } from '../../../src/logs/plain-event.ts';
import { makeShape } from '../../../src/logs/shape.ts';
import { fieldValue } from '../../../src/model/event.ts';
import type { LogSource } from '../../../src/model/rule.ts';
import { gateChannel, passesGate } from '../../../src/sigma/logsource/fields.ts';
import { optionalSources, resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';

/** The sources that admit the event. */
function via(logsource: LogSource, event: Record<string, unknown>): string[] {
  const resolution = resolveLogSource({ product: 'windows', ...logsource }, { optional: new Set(optionalSources) });
  if (resolution.kind === 'not-applicable') return [];
  return resolution.sources.filter((source) => passesGate(plainEvent(event), source)).map((source) => source.via);
}

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', Provider_Name: 'Microsoft-Windows-Sysmon' };

describe('passesGate', () => {
  it('compares channel names without case and EventIDs as numbers', () => {
    expect(via({ category: 'process_creation' }, { Channel: 'MICROSOFT-windows-sysmon/OPERATIONAL', EventID: '1' })).toEqual([
      'sysmon',
    ]);
    expect(via({ category: 'process_creation' }, { ...SYSMON, EventID: 5 })).toEqual([]);
  });

  it('does not let the provider overrule the channel', () => {
    expect(via({ category: 'wmi_event' }, { ...SYSMON, Channel: 'Application', EventID: 21 })).toEqual([]);
  });

  it('admits 1102 to the service security, although another provider writes it', () => {
    expect(
      via({ service: 'security' }, { Channel: 'Security', Provider_Name: 'Microsoft-Windows-Eventlog', EventID: 1102 }),
    ).toEqual(['channel']);
  });

  it('asks the provider where an event has no channel', () => {
    expect(via({ category: 'wmi_event' }, { Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 21 })).toEqual(['sysmon']);
    expect(via({ service: 'security' }, { Provider_Name: 'microsoft-windows-eventlog', EventID: 1102 })).toEqual(['channel']);
    expect(via({ category: 'wmi_event' }, { Provider_Name: 'Other', EventID: 21 })).toEqual([]);
    expect(via({ category: 'wmi_event' }, { EventID: 21 })).toEqual([]);
    expect(via({ service: 'system' }, { Provider_Name: 'Service Control Manager', EventID: 7045 })).toEqual([]);
  });

  it("asks the provider of a forwarded event whose channel is the collector's", () => {
    expect(via({ category: 'process_creation' }, { ...SYSMON, Channel: 'ForwardedEvents', EventID: 1 })).toEqual(['sysmon']);
    expect(via({ category: 'process_creation' }, { ...SYSMON, Channel: 'ForwardedEvents', EventID: 3 })).toEqual([]);
    expect(
      via(
        { category: 'process_creation' },
        { Channel: 'ForwardedEvents', Provider_Name: 'Microsoft-Windows-Security-Auditing', EventID: 4688 },
      ),
    ).toEqual(['security_4688']);
  });

  it('gates on the System channel, not on a data field of that name', () => {
    // System 104: its data names the channel that was cleared.
    const shape = makeShape([
      { name: 'Channel', section: 'system', slot: 0 },
      { name: 'EventID', section: 'system', slot: 1 },
      { name: 'Channel', section: 'data', slot: 2 },
    ]);
    const cleared = new PlainEvent(shape, ['System', '104', 'Security']);
    const admits = (service: string): boolean[] => {
      const resolution = resolveLogSource({ product: 'windows', service });
      return resolution.kind === 'sources' ? resolution.sources.map((source) => passesGate(cleared, source)) : [];
    };
    expect(fieldValue(cleared, 'Channel')).toBe('Security');
    expect(admits('system')).toEqual([true]);
    expect(admits('security')).toEqual([false]);
  });

  it('tells registry events of one EventID apart by EventType, and admits events without one', () => {
    const registry = (EventType?: string) => ({ ...SYSMON, EventID: 12, EventType });
    expect(via({ category: 'registry_add' }, registry('CreateKey'))).toEqual(['sysmon']);
    expect(via({ category: 'registry_add' }, registry('createkey'))).toEqual(['sysmon']);
    expect(via({ category: 'registry_add' }, registry('DeleteKey'))).toEqual([]);
    expect(via({ category: 'registry_delete' }, registry('DeleteValue'))).toEqual(['sysmon']);
    expect(via({ category: 'registry_delete' }, registry('CreateKey'))).toEqual([]);
    expect(via({ category: 'registry_delete' }, registry())).toEqual(['sysmon']);
    expect(via({ category: 'registry_event' }, registry('CreateKey'))).toEqual(['sysmon']);
  });

  it('tells what 4657 reports apart by OperationType', () => {
    const value = (OperationType?: string) => ({ Channel: 'Security', EventID: 4657, OperationType });
    expect(via({ category: 'registry_set' }, value('%%1905'))).toEqual(['security_4657']);
    expect(via({ category: 'registry_set' }, value('%%1906'))).toEqual([]);
    expect(via({ category: 'registry_set' }, value())).toEqual(['security_4657']);
    expect(via({ category: 'registry_add' }, value('%%1905'))).toEqual([]);
    expect(via({ category: 'registry_delete' }, value('%%1906'))).toEqual(['security_4657']);
  });

  it('admits to elastic-defend-api only events with an API call', () => {
    const Channel = 'endpoint.events.api';
    expect(via({ service: 'elastic-defend-api' }, { Channel, 'process.Ext.api.name': 'IWbemServices::PutInstance' })).toEqual([
      'channel',
    ]);
    expect(via({ service: 'elastic-defend-api' }, { Channel, 'process.name': 'wmic.exe' })).toEqual([]);
  });
});

describe('gateChannel', () => {
  it.each([
    ['Security', 'security'],
    [' System ', 'system'],
    ['Microsoft-Windows-Sysmon%4Operational', 'microsoft-windows-sysmon/operational'],
    ['WinEventLog:Security', 'security'],
    ['XmlWinEventLog:Microsoft-Windows-Sysmon/Operational', 'microsoft-windows-sysmon/operational'],
    ['ForwardedEvents', ''],
    ['', ''],
  ])('reads %o as %o', (channel, name) => {
    expect(gateChannel(channel)).toBe(name);
  });
});
