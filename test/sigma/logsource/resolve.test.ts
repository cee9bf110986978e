import { describe, expect, it } from 'vitest';
import type { LogSource } from '../../../src/model/rule.ts';
import { catalog } from '../../../src/sigma/logsource/catalog.ts';
import { optionalSources, resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';

const windows = (rest: LogSource): LogSource => ({ product: 'windows', ...rest });

/** What a reader wants to know at a glance: via, channels and EventIDs, or the reason. */
function summary(logsource: LogSource, optional: readonly string[] = []): unknown {
  const resolution = resolveLogSource(logsource, { optional: new Set(optional) });
  if (resolution.kind === 'not-applicable') return resolution.reason;
  return resolution.sources.map(({ via, channels, eventIds }) =>
    `${via}: ${channels.join(' | ') || 'any'} ${eventIds.join()}`.trim(),
  );
}

describe('resolveLogSource', () => {
  it('serves process_creation from Sysmon 1 and Security 4688, native first', () => {
    expect(summary(windows({ category: 'process_creation' }))).toEqual([
      'sysmon: microsoft-windows-sysmon/operational 1',
      'security_4688: security 4688',
    ]);
  });

  it('gives plain data in full', () => {
    expect(resolveLogSource(windows({ category: 'registry_delete' }))).toEqual({
      kind: 'sources',
      sources: [
        {
          via: 'sysmon',
          native: true,
          channels: ['microsoft-windows-sysmon/operational'],
          providers: ['microsoft-windows-sysmon'],
          eventIds: [12],
          when: [{ field: 'EventType', values: ['DeleteKey', 'DeleteValue'] }],
          fields: catalog.commonFields,
        },
      ],
    });
    const all = resolveLogSource(windows({ category: 'network_connection' }), { optional: new Set(optionalSources) });
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  it('takes product: windows alone for every event', () => {
    expect(summary({ product: 'windows' })).toEqual(['windows: any']);
  });

  it('takes a missing product for Windows as well', () => {
    expect(summary({ category: 'antivirus' })).toEqual([
      'windows_defender: microsoft-windows-windows defender/operational 1006,1007,1008,1009,1010,1011,1012,1017,1018,1019,1115,1116',
    ]);
    expect(summary({ service: 'system' })).toEqual(['channel: system']);
  });

  it('does not mind the case of a name', () => {
    expect(summary({ product: 'Windows', category: 'WMI_Event' })).toEqual([
      'sysmon: microsoft-windows-sysmon/operational 19,20,21',
    ]);
  });

  it('wants both where a rule names category and service', () => {
    expect(summary(windows({ category: 'process_creation', service: 'sysmon' }))).toEqual([
      'sysmon: microsoft-windows-sysmon/operational 1',
    ]);
    expect(summary(windows({ category: 'process_creation', service: 'security' }))).toEqual(['security_4688: security 4688']);
    expect(summary(windows({ category: 'process_creation', service: 'powershell' }))).toBe(
      'no event of category "process_creation" is written to the channels of service "powershell"',
    );
  });

  it('leaves optional sources off until they are asked for', () => {
    expect(optionalSources).toEqual(['security_4657', 'security_5156', 'wmi_activity_5861']);
    expect(summary(windows({ category: 'registry_set' }))).toEqual(['sysmon: microsoft-windows-sysmon/operational 13']);
    expect(summary(windows({ category: 'registry_set' }), ['security_4657'])).toEqual([
      'sysmon: microsoft-windows-sysmon/operational 13',
      'security_4657: security 4657',
    ]);
    expect(summary(windows({ category: 'network_connection', service: 'security' }))).toBe(
      'needs an optional source that is off: security_5156',
    );
  });

  it.each([
    [{ product: 'linux', category: 'process_creation' }, 'product "linux" does not write Windows event logs'],
    [
      windows({ category: 'file_access' }),
      'category "file_access": only the ETW provider Microsoft-Windows-Kernel-File sees it, no event log holds it',
    ],
    [
      windows({ category: 'file_rename' }),
      'category "file_rename": only the ETW provider Microsoft-Windows-Kernel-File sees it, no event log holds it',
    ],
    [windows({ service: 'iis' }), 'service "iis": W3C text logs of the web server, not an event log'],
    [windows({ service: 'unknown-service' }), 'service "unknown-service" is not known for Windows event logs'],
    [{ category: 'webserver' }, 'category "webserver" is not known for Windows event logs'],
    [windows({ category: 'constructor' }), 'category "constructor" is not known for Windows event logs'],
    [{}, 'the log source names neither product, category nor service'],
  ])('says why %o is not applicable', (logsource, reason) => {
    expect(summary(logsource)).toBe(reason);
  });
});
