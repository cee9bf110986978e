/** The report for reading over whole cases, and how much of an event it shows. */
import { copyFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reporter } from '../../src/report/formats/terminal.ts';
import type { ReportStyle } from '../../src/report/reporter.ts';
import { loadTextWidths } from '../../src/report/text-layout.ts';
import { type ScanResult, scan } from '../../src/scan.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hasShared, shared } from '../support/shared.ts';
import { makeAlert, makeEvent, makeMatch, makeRule, makeSummary, reportOf } from './sample-report.ts';

await loadTextWidths();

/** One computer taken over in two days: 23 events match. */
const CASE = [
  'CA_sysmon_hashdump_cmd_meterpreter.evtx',
  'Exec_sysmon_meterpreter_reversetcp_msipackage.evtx',
  'LM_impacket_docmexec_mmc_sysmon_01.evtx',
  'LM_sysmon_psexec_smb_meterpreter.evtx',
  'LM_wmiexec_impacket_sysmon_whoami.evtx',
  'lm_sysmon_18_remshell_over_namedpipe.evtx',
  'sysmon_13_1_meterpreter_getsystem_NamedPipeImpersonation.evtx',
  'sysmon_2_11_evasion_timestomp_MACE.evtx',
];
const samples = shared('corpus/evtx-attack-samples');
const rules = shared('corpus/sigmahq/rules/windows');
const present = hasShared;

const folder = temporaryFolder();

function text(report: Parameters<typeof reporter.render>[0], width: number, more: Partial<ReportStyle> = {}): string {
  return [...reporter.render(report, { width, colour: false, ...more })].join('');
}

/** Of one rule, which holds for all of these events. */
function reportOn(events: readonly ReturnType<typeof makeEvent>[]) {
  const matches = events.map((event) => makeMatch(0, event, []));
  return reportOf({
    rules: [makeRule('Evil')],
    matches: () => matches,
    correlations: [],
    alerts: matches.map((match) => makeAlert(match)),
    summary: makeSummary({ matches: events.length, alerts: events.length }),
  });
}

describe.skipIf(!present)('a case of 23 matched events', async () => {
  let result: ScanResult;
  if (present) {
    for (const file of readdirSync(samples, { recursive: true, encoding: 'utf8' })) {
      if (CASE.includes(basename(file))) copyFileSync(join(samples, file), join(folder, basename(file)));
    }
    result = await scan({ paths: [folder], rules: [rules], threads: 1 });
  }
  afterAll(() => result?.close());

  it('takes at most 57 lines of 120 columns, with every matched event, by time within an incident', () => {
    expect(readdirSync(folder)).toHaveLength(CASE.length);
    const events = result.incidents.flatMap((incident) => [...incident.events()].filter(({ hits }) => hits.length > 0));
    expect(events).toHaveLength(23);
    const lines = text(result, 120).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(57);
    for (const { id } of events) expect(lines.filter((line) => line.includes(` ${id.slice(0, 7)}  `))).toHaveLength(1);
    for (const incident of result.incidents) {
      const times = [...incident.events()].map(({ event }) => event.timeUs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('has whole names of rules, and cuts no command before one, at any width below which lines are shared', () => {
    for (const width of [64, 80, 100, 120, 139]) {
      const shown = text(result, width).replace(/\n {5,}(?=\S)/g, ' ');
      for (const line of text(result, width).split('\n')) expect(line).not.toMatch(/\u2026 {2}\S/);
      for (const incident of result.incidents) {
        for (const { hits } of incident.events()) {
          const whole = hits.filter(({ rule }) => shown.includes(result.rules[rule]!.title));
          if (hits.length > 0) expect([width, whole.length > 0]).toEqual([width, true]);
        }
      }
    }
  });

  it('tells the command, and what started it, beside each rule', () => {
    const whole = text(result, 120);
    expect(whole).toMatch(
      /Potential Meterpreter\/CobaltStrike Activity \+2 {2}by SYSTEM {2}.*\n.* services\.exe > cmd\.exe \/c echo msdhch > \\\\\.\\pipe\\msdhch\n/,
    );
    // No rule looks at it: it is shown because a process of the incident did it.
    expect(whole).toContain('└ powershell.exe -> 10.0.2.19:4444');
  });

  it('has with --full all of the alerts, their evidence and what happened before', () => {
    const full = text(result, 120, { full: true });
    expect(full.match(/^ {2}\[\d+\]/gm)).toHaveLength(result.alerts.length);
    expect(full).toContain('9m before');
    expect(full).toContain('Rules that fired');
    expect(full).toContain('Summary\n  found        33 alerts');
  });
});

describe('an event in the report', () => {
  const command = `powershell.exe -nop ${Array.from({ length: 60 }, (_, i) => `arg${i}`).join(' ')}`;
  const event = makeEvent(1, 1, '10:00:00.0000000', {
    CommandLine: command,
    ParentImage: 'C:\\x\\services.exe',
    User: 'NT AUTHORITY\\SYSTEM',
  });
  const titles = ['Rule With a Name of Some Length', 'Another Rule With a Long Name', 'A Third'];
  const matches = titles.map((_, rule) => makeMatch(rule, event, []));
  const report = reportOf({
    rules: titles.map((title) => makeRule(title, { id: null, path: `${title}.yml` })),
    matches: () => matches,
    correlations: [],
    alerts: matches.map((match) => makeAlert(match)),
    summary: makeSummary({ matches: 3, alerts: 3 }),
  });
  const shown = (width: number): string => /\n {3}10:00:00[\s\S]*?(?=\n\n)/.exec(text(report, width))?.[0] ?? '';

  it('is shown no shorter on a wider terminal', () => {
    let words = 0;
    for (let width = 64; width <= 200; width++) {
      const found = shown(width).match(/arg\d+/g)?.length ?? 0;
      expect([width, found >= words]).toEqual([width, true]);
      words = found;
    }
    expect(words).toBeGreaterThan(40);
  });

  it('has its first rule whole, and the number of the others, in the heading of a single event or on a line of their own', () => {
    const names = 'Rule With a Name of Some Length( \\+ Another.*)? \\+[12]';
    for (const width of [64, 80, 100]) expect(shown(width)).toMatch(new RegExp(`…\n +${names}$`));
    for (const width of [120, 139]) {
      expect(text(report, width)).toMatch(new RegExp(`\n1 .* {2}1 event {2}${names} {2}.*\n {3}10:00:00`));
      expect(shown(width)).not.toContain('Rule With');
    }
    expect(shown(160).replace(/\n +/g, ' ')).toContain(titles.join(' + '));
  });
});

describe('who did it', () => {
  const created = (record: number, fields: Record<string, string>) =>
    makeEvent(record, 1, `10:00:0${record}.0000000`, { Image: 'C:\\run.exe', CommandLine: `run${record}`, ...fields });
  it('stands in the heading alone where all of it was one account', () => {
    const shown = text(reportOn([created(1, { User: 'A\\bob' }), created(2, { User: 'A\\Bob' })]), 100);
    expect(shown).toMatch(/2 events, 1 rule {2}by bob\n/);
    expect(shown).toMatch(/ run1 {2}Evil\n/);
    expect(shown).not.toContain('bob:');
    expect(shown).toMatch(/users +bob\n/);
  });

  it('names those whom that account acted on', () => {
    const logon = makeEvent(3, 4624, '10:00:03.0000000', { SubjectUserName: 'bob', TargetUserName: 'eve', LogonType: '9' });
    expect(text(reportOn([created(1, { User: 'A\\bob' }), logon]), 100)).toContain('by bob, names eve');
  });

  it('stands in every row where an event names none, which may be that of another account', () => {
    const shown = text(reportOn([created(1, { User: 'A\\bob' }), created(2, {})]), 100);
    expect(shown).toMatch(/bob: run1 {2}Evil\n/);
    expect(shown).not.toContain('by bob');
  });

  it('is left out in the row of a process below that of its parent', () => {
    const parent = { ProcessGuid: '{00000000-0000-0000-0000-000000000001}', User: 'A\\bob' };
    const child = {
      ProcessGuid: '{00000000-0000-0000-0000-000000000002}',
      ParentProcessGuid: parent.ProcessGuid,
      User: 'A\\bob',
    };
    const shown = text(reportOn([created(1, parent), created(2, child), created(3, { User: 'A\\eve' })]), 100);
    expect(shown).toMatch(/ bob: run1 {2}Evil\n/);
    expect(shown).toMatch(/ └ run2 {2}Evil\n/);
    expect(shown).toMatch(/ eve: run3 {2}Evil\n/);
  });
});

describe('the list by time', () => {
  it('has a line for each day, and computers without their domain where that is no other one', () => {
    const events = ['a.corp', 'b.corp', 'b.lab'].map((Computer, i) => ({
      ...makeEvent(i, 1, `10:00:0${i}.0000000`, { CommandLine: `run${i}` }),
      Computer,
    }));
    const rows = text(reportOn(events), 120, { by: 'time' })
      .split('\n')
      .filter((line) => /^ {3}\d/.test(line));
    expect(rows.map((row) => row.replace(/ [0-9a-f]{7} /, ' '))).toEqual([
      '   2019-05-11',
      expect.stringMatching(/^ {3}10:00:00\.000 \S+ +a +Sysmon 1 .*run0/),
      expect.stringMatching(/^ {3}10:00:01\.000 \S+ +b\.corp +Sysmon 1 .*run1/),
      expect.stringMatching(/^ {3}10:00:02\.000 \S+ +b\.lab +Sysmon 1 .*run2/),
    ]);
  });
});

describe('the computers in the head', () => {
  const on = (Computer: string, day: number) => {
    const timeUs = Date.UTC(2024, 0, day) * 1000;
    return { ...makeEvent(day, 1, '10:00:00.0000000', {}), Computer, timeUs, TimeCreated: new Date(timeUs / 1000).toISOString() };
  };
  const printed = (width: number): string[] => {
    const events = [on('A', 1), on('a-computer-with-a-long-name.of.some.domain.example', 100), on('A', 200)];
    return text(reportOn(events), width, { brief: true })
      .split('\n')
      .slice(width < 80 ? 2 : 1)
      .slice(0, 3);
  };

  it('have bars one below the other, as many as there is room for', () => {
    for (const width of [100, 120, 160]) {
      const bars = printed(width)
        .slice(0, 2)
        .map((line) => / {2}([·▁-█]+)$/.exec(line));
      expect(bars[0]!.index).toBe(bars[1]!.index);
      expect(bars[0]![1]!.length).toBe(bars[1]![1]!.length);
    }
    expect(printed(160)[2]).toBe('days      2024-01-01 to 2024-07-18, a bar is 4 days');
  });

  it('fit into a narrow terminal, a long name on a line of its own', () => {
    for (const line of printed(64)) expect(line.length).toBeLessThanOrEqual(64);
    expect(printed(64)).toEqual([
      `hosts     A  2 medium  █${'·'.repeat(38)}█`,
      '          a-computer-with-a-long-name.of.some.domain.example',
      `             1 medium  ${'·'.repeat(19)}█${'·'.repeat(20)}`,
    ]);
  });
});

describe('a list in the head', () => {
  const users = Array.from({ length: 9 }, (_, i) => `account-${i}`);
  const cleared = Array.from({ length: 14 }, (_, i) => ({
    ...makeEvent(i, 1102, `10:00:${10 + i}.0000000`, {}),
    id: '',
    rule: '',
    log: 'Security',
    user: null,
    Computer: i < 7 ? 'DC01.fabrikam.example' : 'WKS-07.fabrikam.example',
  }));
  const events = users.map((user, i) =>
    makeEvent(i, 3, `10:00:0${i}.0000000`, {
      User: user,
      DestinationIp: i < 4 ? '10.0.2.19' : 'fd00::19',
      DestinationPort: String(4444 + i),
    }),
  );
  const matches = events.map((event) => makeMatch(0, event, []));
  const tags = [
    'execution',
    'persistence',
    'privilege-escalation',
    'credential-access',
    'lateral-movement',
    'command-and-control',
  ];
  const report = reportOf({
    rules: [makeRule('Evil', { tags: tags.map((tag) => `attack.${tag}`) })],
    matches: () => matches,
    correlations: [],
    alerts: matches.map((match) => makeAlert(match)),
    summary: makeSummary({ logCleared: cleared }),
  });
  const head = (width: number): string[] => text(report, width, { brief: true }).split('\n\n')[0]!.split('\n');

  it('is broken between dates and names, never inside of one, and says how many there are more', () => {
    for (let width = 64; width <= 200; width++) {
      const lines = head(width);
      expect(lines.filter((line) => line.length > width || line.includes('…'))).toEqual([]);
      const dates = lines.join('\n').match(/2019-05-11 10:00:\d\d/g) ?? [];
      expect(lines.join('\n').match(/2019-05/g)).toHaveLength(dates.length + 1);
      const more = Number(/and (\d+) more/.exec(lines.slice(lines.findIndex((line) => line.startsWith('beware'))).join(' '))![1]);
      expect([width, dates.length + more]).toEqual([width, 14]);
      for (const tag of tags) expect(lines.join('\n')).toContain(tag);
    }
  });

  it('has an address once, with its ports, and a short one beside another', () => {
    expect(head(160)).toContainEqual(
      expect.stringMatching(/^addresses \[fd00::19\]:4448,4449,4450,4451,4452, 10\.0\.2\.19:4444,4445,4446,4447$/),
    );
    expect(head(200)).toContainEqual(expect.stringMatching(/^users .*and 1 more {2}addresses {2}\[fd00::19\]/));
  });
});

describe('a report of very many computers', () => {
  const rules = [makeRule('Evil')];
  const days = 60;
  const computers = 3_000;
  const event = makeEvent(1, 1, '10:00:00.0000000', {});
  const report = reportOf({
    rules,
    alerts: [],
    correlations: [],
    summary: makeSummary(),
    *matches() {
      for (let i = 0; i < computers; i++) {
        const timeUs = Date.UTC(2024, 0, 1 + (i % days)) * 1000;
        yield makeMatch(
          0,
          {
            ...event,
            index: i,
            Computer: `PC${i}`,
            timeUs,
            TimeCreated: new Date(timeUs / 1000).toISOString(),
          },
          [],
        );
      }
    },
  });

  it('is printed, with the days of the first of them', () => {
    const printed = text(report, 120, { brief: true });
    expect(printed).toContain('3,000 incidents on 3,000 computers: 3,000 of ');
    expect(printed).toMatch(/hosts +PC0 .*█/);
  });

  it('says that it has only the worst incidents where there are more', () => {
    const printed = text({ ...report, incidentCount: 4_000_000 }, 120, { brief: true });
    expect(printed).toContain('4,000,000 incidents, the worst 3,000 on 3,000 computers');
  });
});
