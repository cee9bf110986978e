/** A hand-made scan result: what a WMI subscription looks like, with a rule of each level and text that attacks the reader. */

import { harmlessJson } from '../../src/bytes/json-text.ts';
import { computerNumbers } from '../../src/findings/alerts.ts';
import { HostNames } from '../../src/findings/host-names.ts';
import { groupIncidents, INCIDENT_GAP_US } from '../../src/findings/incidents/group-incidents.ts';
import { incidentOf } from '../../src/findings/incidents/incident.ts';
import { snapshotJson } from '../../src/findings/store/event-json.ts';
import type { EventSnapshot, FieldValue } from '../../src/model/event.ts';
import { eventIdOf, idOf } from '../../src/model/event-id.ts';
import type {
  Alert,
  Correlation,
  EventRef,
  Lookback,
  Match,
  MatchedField,
  RuleInfo,
  ScanSummary,
} from '../../src/model/match.ts';
import type { ScanReport } from '../../src/report/reporter.ts';
import { isoToUs } from '../../src/report/wording.ts';
import { storeOf } from '../findings/support.ts';

export const FILE = 'logs/wmi.xml';
const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

export function makeEvent(
  index: number,
  EventID: number,
  time: string,
  data: Record<string, FieldValue>,
  more: Partial<EventSnapshot> = {},
): EventSnapshot {
  const TimeCreated = `2019-05-11T${time}Z`;
  return {
    file: FILE,
    index,
    offset: index * 1000,
    recovered: false,
    EventRecordID: 100 + index,
    TimeCreated,
    timeUs: isoToUs(TimeCreated),
    Provider: 'Microsoft-Windows-Sysmon',
    Channel: SYSMON,
    EventID,
    Computer: 'IEWIN7',
    system: {},
    data,
    ...more,
  };
}

export function makeRule(title: string, more: Partial<RuleInfo> = {}): RuleInfo {
  return {
    id: '0f06a3a5-6a09-413f-8743-e6cf35561297',
    name: null,
    title,
    level: 'medium',
    status: 'experimental',
    description: null,
    tags: ['attack.persistence', 'attack.t1546.003'],
    falsepositives: [],
    path: 'rules/wmi/consumer.yml',
    ...more,
  };
}

export function makeMatch(rule: number, event: EventSnapshot, fields: MatchedField[], via = 'sysmon'): Match {
  return { kind: 'match', rule, via, event, fields };
}

export function makeAlert(match: Match, lookback: Lookback | null = null, more: Partial<Alert> = {}): Alert {
  const { TimeCreated, timeUs, Computer } = match.event;
  return {
    id: idOf(['alert', match.rule, eventIdOf(match.event)]),
    rule: match.rule,
    computer: Computer,
    count: 1,
    first: TimeCreated,
    last: TimeCreated,
    firstUs: timeUs,
    lastUs: timeUs,
    match,
    lookback,
    notes: [],
    ...more,
  };
}

export function makeSummary(more: Partial<ScanSummary> = {}): ScanSummary {
  const totals = {
    format: '',
    bytes: 34_567,
    records: 13,
    damaged: 0,
    recovered: 0,
    chunks: 0,
    unusedChunks: 0,
    damagedChunks: 0,
  };
  return {
    kind: 'summary',
    version: '0.0.0-test',
    files: [{ ...totals, format: 'xml', file: FILE }],
    totals,
    rules: { files: 4, documents: 5, used: 5, filters: 0, notUsed: [] },
    leftOut: [],
    matches: 0,
    matchesByLevel: {},
    correlations: 0,
    alerts: 0,
    channels: [{ channel: SYSMON, events: 13, covered: true }],
    computers: [{ computer: 'IEWIN7', events: 13 }],
    from: '2019-05-11T17:56:12.1000000Z',
    to: '2019-05-11T17:58:55.0000000Z',
    logCleared: [],
    moreLogCleared: 0,
    interrupted: false,
    elapsedMs: 12.5,
    diagnostics: [],
    ...more,
  };
}

function refOf(event: EventSnapshot, rule: string): EventRef {
  const { file, index, EventRecordID, TimeCreated, EventID, Channel, Computer } = event;
  return { file, index, id: eventIdOf(event), EventRecordID, TimeCreated, EventID, Channel, Computer, rule };
}

const wmic = makeEvent(0, 1, '17:58:22.9000000', {
  Image: 'C:\\Windows\\System32\\wbem\\WMIC.exe',
  CommandLine:
    'wmic /NAMESPACE:"\\\\root\\subscription" PATH CommandLineEventConsumer CREATE Name="BotConsumer23", ExecutablePath="C:\\Windows\\System32\\cmd.exe",CommandLineTemplate="C:\\Windows\\System32\\cmd.exe"',
  User: 'IEWIN7\\IEUser',
});
const consumer = makeEvent(1, 20, '17:58:23.3400000', {
  EventType: 'WmiConsumerEvent',
  Operation: 'Created',
  Name: ' "BotConsumer23"',
  Type: 'Command Line',
  Destination: ' "c:\\\\Windows\\\\System32\\\\cmd.exe"',
});
const binding = makeEvent(2, 21, '17:58:23.4185632', {
  EventType: 'WmiBindingEvent',
  UtcTime: '2019-05-11 17:58:23.418',
  Operation: 'Created',
  User: 'IEWIN7\\IEUser',
  Consumer: ' "CommandLineEventConsumer.Name=\\"BotConsumer23\\""',
  Filter: ' "__EventFilter.Name=\\"BotFilter82\\""',
});
const filter = makeEvent(3, 19, '17:58:39.7460000', {
  Operation: 'Created',
  Name: ' "BotFilter82"',
  Query: ' "SELECT * FROM __InstanceModificationEvent"',
});
const started = makeEvent(5, 1, '17:58:50.1000000', {
  CommandLine: 'C:\\Windows\\System32\\cmd.exe',
  User: 'NT AUTHORITY\\SYSTEM',
});
const logon = makeEvent(
  7,
  4624,
  '17:50:01.0000000',
  { TargetUserName: 'IEUser', LogonType: '3', IpAddress: '10.0.0.5' },
  { file: 'logs/Security.evtx', Channel: 'Security', Provider: 'Microsoft-Windows-Security-Auditing' },
);

const lookback: Lookback = {
  window: '9m',
  from: '2019-05-11T17:49:23.4185632Z',
  to: '2019-05-11T17:58:23.4185632Z',
  events: 12,
  related: [
    { event: logon, reason: 'logon', score: 10 },
    { event: wmic, reason: 'process creation', score: 20 },
    { event: consumer, reason: 'wmi name "BotConsumer23"', score: 90 },
  ],
  after: [],
  capped: false,
};

const hostile = makeEvent(4, 1, '17:58:50.0000000', {
  CommandLine:
    '=cmd|\u001b[2J\u202egnp.exe <script>alert(1)</script> `rm` [x](http://evil.example) | \u4e2d\u6587\u6587\u5b57 '.repeat(3),
  Image: 'C:\\\u202ecod.exe',
});

export const rules: readonly RuleInfo[] = [
  makeRule('Suspicious WMI Event Subscription Creation', {
    description:
      'A consumer that runs a command or a script was bound to an event filter. It survives restarts and needs no file.',
  }),
  makeRule('WMI Subscription Completed: Filter, Consumer and Binding', { level: 'high', path: 'rules/wmi/sequence.yml' }),
  makeRule('Title with <b>markup</b>, | pipes and a \u202e mark', {
    level: 'low',
    tags: [],
    path: 'rules/x.yml',
    falsepositives: ['Administrators', '<img src=x>'],
  }),
  makeRule('Rule Without a Level', { level: null, tags: [], path: 'rules/y.yml' }),
];

const bindingMatch = makeMatch(0, binding, [
  { name: 'Operation', value: 'Created', modifier: '', pattern: 'Created' },
  { name: 'Consumer', value: binding.data.Consumer ?? null, modifier: 'contains', pattern: 'CommandLineEventConsumer' },
]);
const hostileMatch = makeMatch(
  2,
  hostile,
  [
    { name: 'Image', value: hostile.data.Image ?? null, modifier: 'endswith', pattern: '.EXE', eventField: 'NewProcessName' },
    { name: 'CommandLine', value: hostile.data.CommandLine ?? null, modifier: 'contains|all', pattern: 'alert' },
    { name: 'CommandLine', value: hostile.data.CommandLine ?? null, modifier: 'contains|all', pattern: 'evil.*example' },
  ],
  'security_4688',
);
const plainMatches = [10, 11, 12, 13, 14].map((index) =>
  makeMatch(3, makeEvent(index, 11, `18:${index}:00.0000000`, { TargetFilename: `C:\\Temp\\${index}.exe`, Image: 'C:\\a.exe' }), [
    { name: 'EventID', value: '11', modifier: '', pattern: '11' },
  ]),
);

const correlation: Correlation = {
  kind: 'correlation',
  rule: 1,
  type: 'temporal',
  group: { Computer: 'IEWIN7' },
  from: '2019-05-11T17:58:23.3400000Z',
  to: '2019-05-11T17:58:39.7460000Z',
  fromUs: consumer.timeUs,
  toUs: filter.timeUs,
  count: 3,
  events: [
    refOf(consumer, 'WMI Consumer Registered'),
    refOf(binding, 'WMI Consumer Bound to a Filter'),
    refOf(filter, 'WMI Filter Registered'),
  ],
  records: 3,
  computer: 'IEWIN7',
};

type ReportParts = Pick<ScanReport, 'rules' | 'correlations' | 'alerts' | 'summary'> & {
  matches(): Iterable<Match & { readonly lookback?: Lookback }>;
};

/** A report whose matches exist as objects: their text is made from them, as the match store keeps it, and so are incidents. */
export function reportOf(parts: ReportParts): ScanReport {
  const matches = [...parts.matches()];
  const store = storeOf(matches);
  const alertId = (of: number | Correlation): string => {
    const own = (alert: Alert): boolean =>
      typeof of === 'number' ? alert.match.kind === 'match' && alert.rule === store.ruleAt(of) : alert.match === of;
    return parts.alerts.find(own)?.id ?? '';
  };
  const recordsOf = ({ events }: Correlation): number[] =>
    matches.flatMap(({ event }, i) =>
      events.some(({ file, index }) => file === event.file && index === event.index) ? [i] : [],
    );
  const hosts = new HostNames(store.computers());
  const input = {
    store,
    ruleSet: { rules: parts.rules },
    reported: () => true,
    correlations: parts.correlations,
    positions: parts.correlations.map(recordsOf),
    hosts,
    computers: computerNumbers(store, hosts),
  };
  const groups = groupIncidents(input, INCIDENT_GAP_US);
  const incidents = groups.incidents.map((draft) =>
    incidentOf(draft, {
      ...input,
      alertId,
      alerts: parts.alerts.filter(({ match }) =>
        match.kind === 'match'
          ? matches.some((own, i) => own.event === match.event && draft.positions.includes(i))
          : recordsOf(match).some((position) => draft.positions.includes(position)),
      ),
      correlationsAt: (position) => parts.correlations.filter((each) => recordsOf(each).includes(position)),
    }),
  );
  const idsAt = (position: number) => {
    const draft = groups.of(position);
    return {
      eventId: store.eventIdAt(position),
      alert: alertId(position),
      incident: draft === undefined ? null : (incidents[groups.incidents.indexOf(draft)]?.id ?? null),
    };
  };
  const key = ({ rule, event }: Match): string => `${rule} ${event.index} ${event.file}`;
  const alerts = new Map(
    parts.alerts.flatMap((alert) => (alert.match.kind === 'match' ? [[key(alert.match), alert] as const] : [])),
  );
  return {
    ...parts,
    matches: () => matches.map((match, i) => ({ ...match, ...idsAt(i) })),
    incidents,
    incidentCount: groups.count,
    correlationIncidents: new Map(
      parts.correlations.flatMap((correlation) => {
        const position = recordsOf(correlation).at(-1);
        const incident = position === undefined ? null : idsAt(position).incident;
        return incident === null ? [] : [[correlation, incident] as const];
      }),
    ),
    *matchTexts() {
      for (const [i, match] of matches.entries()) {
        const { file, index } = match.event;
        const event = Buffer.from(snapshotJson(match.event).head);
        const fields = Buffer.from(harmlessJson(JSON.stringify(match.fields)));
        const notes = alerts.get(key(match))?.notes ?? [];
        yield {
          ...idsAt(i),
          rule: match.rule,
          via: match.via,
          file,
          index,
          event,
          fields,
          lookback: match.lookback ?? null,
          notes,
        };
      }
    },
  };
}

/** What an analyst sees of it all. */
export const sampleReport: ScanReport = reportOf({
  rules,
  *matches() {
    yield { ...bindingMatch, lookback };
    yield hostileMatch;
    yield* plainMatches;
  },
  correlations: [correlation],
  alerts: [
    makeAlert(bindingMatch, lookback),
    makeAlert(hostileMatch, { ...lookback, events: 0, related: [] }, { count: 3, last: '2019-05-11T17:59:00.0000000Z' }),
    ...plainMatches.map((match) => makeAlert(match)),
    {
      id: idOf(['correlation', 1]),
      rule: 1,
      computer: 'IEWIN7',
      count: 1,
      first: correlation.from,
      last: correlation.to,
      firstUs: correlation.fromUs,
      lastUs: correlation.toUs,
      match: correlation,
      lookback: {
        ...lookback,
        to: correlation.to,
        events: 14,
        after: [{ event: started, reason: 'process of the consumer', score: 50 }],
      },
      notes: ['The binding names filter "BotFilter82" and consumer "BotConsumer23": all three parts belong together.'],
    },
  ],
  summary: makeSummary({
    matches: 7,
    correlations: 1,
    alerts: 8,
    matchesByLevel: { medium: 1, low: 1, none: 5 },
    files: [
      { ...makeSummary().totals, format: 'xml', file: FILE },
      { ...makeSummary().totals, format: 'evtx', file: 'logs/Empty.evtx', records: 0, bytes: 69_632 },
    ],
    totals: { ...makeSummary().totals, damaged: 2, recovered: 1, chunks: 3, unusedChunks: 1 },
    rules: {
      files: 6,
      documents: 8,
      used: 5,
      filters: 0,
      notUsed: [
        { reason: 'no Windows event log holds product linux', count: 2, examples: ['rules/linux/a.yml', 'rules/linux/b.yml'] },
        { reason: 'placeholder %admins% without values', count: 1, examples: ['rules/admins.yml'] },
      ],
    },
    channels: [
      { channel: SYSMON, events: 1234, covered: true },
      { channel: 'Microsoft-Windows-TaskScheduler/Operational', events: 17, covered: false },
      { channel: '', events: 1, covered: false },
    ],
    logCleared: [
      {
        ...refOf(logon, ''),
        EventID: 1102,
        EventRecordID: 9,
        TimeCreated: '2019-05-11T17:57:00.0000000Z',
        log: 'Security',
        user: 'CORP\\eve',
      },
    ],
    diagnostics: [
      {
        code: 'rule/unknown-modifier',
        severity: 'error',
        message: '"contians" is not a modifier.',
        hint: 'Did you mean "contains"?',
        place: { file: 'rules/bad\u001b[31m.yml', line: 14, column: 5 },
      },
      {
        code: 'evtx/chunk-checksum',
        severity: 'warning',
        message: 'The checksum is wrong.',
        place: { file: 'logs/Empty.evtx', offset: 4096 },
      },
    ],
  }),
});
