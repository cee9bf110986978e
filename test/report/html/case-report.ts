/** A made-up case on three hosts: a WMI subscription and what it runs, logons between hosts, and text that attacks the reader. */
import type { EventSnapshot, FieldValue } from '../../../src/model/event.ts';
import type { Lookback, RelatedEvent } from '../../../src/model/match.ts';
import type { ScanReport } from '../../../src/report/reporter.ts';
import { makeAlert, makeEvent, makeMatch, makeRule, makeSummary, reportOf } from '../sample-report.ts';

/** Runs if a single text gets into the page as markup. */
export const HOSTILE =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an attack on a page that is made of templates.
  '</script></noscript><script>window.hacked=1</script><img src=x onerror="window.hacked=1">\u202egnp.exe\u2028\u001b[31m ${window.hacked=1}';

export const PAYLOAD = 'Write-Host "what the consumer runs, in clear"';
const encoded = Buffer.from(PAYLOAD, 'utf16le').toString('base64');

const rules = [
  makeRule('Consumer Registered', { level: 'high', tags: ['attack.persistence', 'attack.t1546.003'] }),
  makeRule('Process of a Consumer', { level: 'critical', tags: ['attack.execution', 'attack.t1059.001'] }),
  makeRule('Logon From Another Machine', { level: 'low', tags: ['attack.lateral_movement', 'attack.t1021'] }),
  makeRule(HOSTILE, { level: 'medium', tags: [HOSTILE], description: HOSTILE, path: HOSTILE, falsepositives: [HOSTILE] }),
];

const DC = {
  Computer: 'DC01.corp.example',
  file: 'logs/dc.evtx',
  Channel: 'Security',
  Provider: 'Microsoft-Windows-Security-Auditing',
};
const WS = { Computer: 'WS01.corp.example' };

function event(
  index: number,
  id: number,
  time: string,
  data: Record<string, FieldValue>,
  more: Partial<EventSnapshot>,
): EventSnapshot {
  return makeEvent(index, id, `${time}.0000000`, data, more);
}

export const filter = event(
  0,
  19,
  '10:00:00',
  { Operation: 'Created', Name: ' "Updater"', Query: ' "SELECT * FROM __InstanceModificationEvent WITHIN 60"' },
  WS,
);
export const consumer = event(
  1,
  20,
  '10:00:01',
  { Operation: 'Created', Name: ' "UpdaterRun"', Type: 'Command Line', Destination: ` "powershell.exe -enc ${encoded}"` },
  WS,
);
export const binding = event(
  2,
  21,
  '10:00:02',
  {
    Operation: 'Created',
    Consumer: ' "CommandLineEventConsumer.Name=\\"UpdaterRun\\""',
    Filter: ' "__EventFilter.Name=\\"Updater\\""',
  },
  WS,
);
export const started = event(
  3,
  1,
  '10:05:00',
  {
    Image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    CommandLine: `powershell.exe -enc ${encoded}`,
    ProcessGuid: '{00000000-0000-0000-0000-000000000001}',
    ParentProcessGuid: '{00000000-0000-0000-0000-0000000000FF}',
    ParentImage: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
    User: 'NT AUTHORITY\\SYSTEM',
  },
  WS,
);
export const child = event(
  4,
  1,
  '10:05:01',
  {
    Image: 'C:\\Windows\\System32\\whoami.exe',
    CommandLine: 'whoami /all',
    ProcessGuid: '{00000000-0000-0000-0000-000000000002}',
    ParentProcessGuid: '{00000000-0000-0000-0000-000000000001}',
    ParentImage: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    User: 'NT AUTHORITY\\SYSTEM',
  },
  WS,
);
const logons = [0, 1, 2].map((i) =>
  event(
    10 + i,
    4624,
    `12:0${i}:00`,
    { TargetUserName: 'eve', LogonType: '3', IpAddress: '10.0.0.5', WorkstationName: 'WS01' },
    DC,
  ),
);
export const hostile = event(
  20,
  1,
  '14:00:00',
  { CommandLine: HOSTILE, [HOSTILE]: HOSTILE },
  { Computer: HOSTILE, file: HOSTILE },
);

const related: RelatedEvent[] = [{ event: filter, reason: 'WMI name "Updater"', score: 100 }];
const lookback: Lookback = {
  window: '9m',
  from: '2019-05-11T09:51:00.0000000Z',
  to: '2019-05-11T10:00:02.0000000Z',
  events: 7,
  related,
  after: [],
  capped: false,
};

const field = (name: string, value: string, pattern: string) => ({ name, value, modifier: 'contains', pattern });
const matches = [
  makeMatch(0, consumer, [field('Type', 'Command Line', 'Command')]),
  makeMatch(0, binding, [field('Consumer', ' "CommandLineEventConsumer.Name=\\"UpdaterRun\\""', 'CommandLineEventConsumer')]),
  makeMatch(1, started, [field('CommandLine', `powershell.exe -enc ${encoded}`, '-enc')]),
  makeMatch(1, child, [field('CommandLine', 'whoami /all', 'whoami')]),
  ...logons.map((logon) => makeMatch(2, logon, [field('LogonType', '3', '3')])),
  makeMatch(3, hostile, [field('CommandLine', HOSTILE, 'script')]),
];

/** `copies` of a logon more, one a second: what a long list is. */
export function caseReport(copies = 0, hostOf: (copy: number) => string = () => DC.Computer): ScanReport {
  const many = Array.from({ length: copies }, (_, i) => {
    const time = new Date(Date.UTC(2019, 4, 11, 16) + i * 1000).toISOString().slice(11, 19);
    return makeMatch(
      2,
      event(
        100 + i,
        4624,
        time,
        { TargetUserName: `user${i}`, LogonType: '10', IpAddress: '10.0.0.6' },
        { ...DC, Computer: hostOf(i) },
      ),
      [],
    );
  });
  const all = [...matches, ...many];
  return reportOf({
    rules,
    matches: () => all,
    correlations: [],
    alerts: [
      makeAlert(matches[1]!, lookback, { notes: [HOSTILE] }),
      makeAlert(matches[2]!),
      makeAlert(matches[4]!),
      makeAlert(matches.at(-1)!),
    ],
    summary: makeSummary({ matches: all.length, alerts: 4 }),
  });
}
