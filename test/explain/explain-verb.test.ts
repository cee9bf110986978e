/** `winnow explain` as its users see it. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { zipOf } from '../engine/compile/zip-writer.ts';
import { folderWith } from '../support/folder.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';
import { MANY_WHOAMI, startedXml, WHOAMI } from '../testing/support.ts';

const WHOAMI_EXE = 'C:\\Windows\\System32\\whoami.exe';

function log(...events: readonly string[]): string {
  return `<Events>${events.join('')}</Events>`;
}

async function explain(files: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const folder = folderWith({ 'whoami.yml': WHOAMI, ...files });
  const run = await runWinnow(['explain', ...argv], { cwd: folder });
  // Files are named as they were given; the folder they are opened from is of this test only.
  return { ...run, out: run.out.replaceAll(/[^\s"(]*\/(?=[\w-]+\.(?:yml|xml))/g, '') };
}

describe('winnow explain', () => {
  const files = {
    'log.xml': log(
      startedXml('C:\\Windows\\notepad.exe', 11, '2026-01-01T00:00:00Z'),
      startedXml(WHOAMI_EXE, 12, '2026-01-01T00:00:01Z'),
      startedXml(WHOAMI_EXE, 13, '2026-01-01T00:00:02Z').replace('C:\\Windows\\explorer.exe', 'C:\\agent.exe'),
    ),
  };

  it('shows the log source, the tree with values seen and wanted, and the smallest reason', async () => {
    const run = await explain(files, 'whoami.yml', 'log.xml', '--record', '13');
    expect([run.code, run.out]).toEqual([
      0,
      `Whoami whoami.yml
  log source windows, category process_creation: sysmon (EventID 1), security_4688 (EventID 4688)

  log.xml record 2 (EventRecordID 13) 2026-01-01T00:00:02.0000000Z EventID 1 Microsoft-Windows-Sysmon/Operational
    false the rule does not match
    false via sysmon: an event of this log source
      false and
        true  selection
          true  Image is "C:\\Windows\\System32\\whoami.exe", wanted endswith "\\whoami.exe"
        false not
          true  1 of filter_main_*
            true  filter_main_agent
              true  ParentImage is "C:\\agent.exe", wanted endswith "\\agent.exe"
    false via security_4688: not an event of this log source: Channel is "Microsoft-Windows-Sysmon/Operational", wanted is "security"
    smallest reason:
      filter in filter_main_agent: ParentImage is "C:\\agent.exe" satisfies "\\agent.exe"

`,
    ]);
  });

  it('shows without a record the matches, then the nearest misses', async () => {
    const run = await explain(files, 'whoami.yml', 'log.xml', '--format', 'json');
    const [one] = JSON.parse(run.out).explanations;
    expect([one.events, one.admitted, one.matched]).toEqual([3, 3, 1]);
    expect(
      one.records.map((record: { matches: boolean; event: { index: number }; smallestReason: { kind: string }[] | null }) => [
        record.event.index,
        record.matches,
        record.smallestReason?.map(({ kind }) => kind) ?? null,
      ]),
    ).toEqual([
      [1, true, null],
      [0, false, ['value']],
      [2, false, ['filter']],
    ]);
  });

  it.each([
    ['field absent', "CommandLine|contains: '/priv'", 'the event has no field "CommandLine"'],
    ['field name', "parentImage|contains: 'x'", 'the event has no "parentImage"; it has "ParentImage"'],
    [
      'case',
      "Image|endswith|cased: '\\WHOAMI.exe'",
      'Image is "C:\\Windows\\System32\\whoami.exe" has endswith|cased "\\WHOAMI.exe" in other upper and lower case',
    ],
    ['case', "Image|re: 'WHOAMI'", 'Image is "C:\\Windows\\System32\\whoami.exe" has re "WHOAMI" in other upper and lower case'],
    ['value', "Image: 'whoami.exe'", 'Image is "C:\\Windows\\System32\\whoami.exe", wanted "whoami.exe"'],
  ])('names the smallest reason: %s', async (kind, item, reason) => {
    const rule = `title: T\nlogsource: {product: windows, category: process_creation}\ndetection:\n    selection:\n        ${item}\n    condition: selection\n`;
    const run = await explain({ ...files, 'rule.yml': rule }, 'rule.yml', 'log.xml', '--index', '1', '--format', 'json');
    const [record] = JSON.parse(run.out).explanations[0].records;
    expect(record.smallestReason).toEqual([{ kind, reason, selection: 'selection' }]);
  });

  it('says when only the log source is in the way', async () => {
    const rule = WHOAMI.replace('process_creation', 'file_event');
    const run = await explain({ ...files, 'rule.yml': rule }, 'rule.yml', 'log.xml');
    expect(run.out).toContain('0 of 3 events are of this log source, 0 match\n');
    expect(run.out).toContain(
      'only the log source is in the way of an event that satisfies the condition:\n    log.xml record 1 (EventID 1 Microsoft-Windows-Sysmon/Operational): sysmon: EventID is 1, wanted is EventID 11\n',
    );
    expect(run.out).toContain('the log holds:\n    EventID 1 of "Microsoft-Windows-Sysmon/Operational": 3\n');
  });

  it('finds a rule by id, name or title with -r', async () => {
    const run = await explain(files, 'whoami', 'log.xml', '-r', '.', '--index', '1');
    expect([run.code, run.out.includes('true  the rule matches')]).toEqual([0, true]);
    expect((await explain(files, 'nobody', 'log.xml', '-r', '.')).code).toBe(3);
  });

  it('explains why a rule of an archive never matches', async () => {
    const never = WHOAMI.replace('condition: selection and', 'condition: not selection and selection and');
    const folder = folderWith({ 'log.xml': files['log.xml'] });
    writeFileSync(join(folder, 'rules.zip'), zipOf([{ name: 'whoami.yml', content: never }]));
    const run = await runWinnow(['explain', 'whoami', 'log.xml', '-r', 'rules.zip'], { cwd: folder });
    expect([run.code, run.err]).toEqual([0, '']);
    expect(run.out).toContain('can never match');
  });

  it('says which rules beside it were not read', async () => {
    const folder = folderWith({ 'rules/whoami.yml': WHOAMI, 'rules/many.yml': MANY_WHOAMI, 'log.xml': files['log.xml'] });
    symlinkSync('nowhere', join(folder, 'rules/gone.yml'));
    const run = await runWinnow(['explain', 'rules/many.yml', 'log.xml'], { cwd: folder });
    expect([run.code, run.err]).toEqual([0, expect.stringMatching(/^\S*gone\.yml warning rule\/link: .*does not exist\.\n$/)]);
  });

  it('ends with 2 for a refused rule, 3 for none, 4 for a record or a log that is not there', async () => {
    const codes = [
      await explain({ ...files, 'bad.yml': 'title: x\n' }, 'bad.yml', 'log.xml'),
      await explain(files, 'gone.yml', 'log.xml'),
      await explain(files, 'whoami.yml', 'log.xml', '--record', '99'),
      await explain(files, 'whoami.yml', 'gone.xml'),
    ].map((run) => run.code);
    expect(codes).toEqual([2, 3, 4, 4]);
  });

  it('writes no control character of a log or a rule', async () => {
    const hostile = { 'log.xml': log(startedXml('C:\\&#x1b;[31m\\u202e.exe', 1, '2026-01-01T00:00:00Z')) };
    const run = await explain(
      { ...hostile, 'rule.yml': WHOAMI.replace('title: Whoami', 'title: "\\e[2J"') },
      'rule.yml',
      'log.xml',
    );
    expect(run.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe('explaining a correlation', () => {
  const at = (minute: string, computer = 'PC1') => startedXml(WHOAMI_EXE, 1, `2026-01-01T00:${minute}:00Z`, computer);

  it('shows what fired, with its records', async () => {
    const run = await explain({ 'many.yml': MANY_WHOAMI, 'log.xml': log(at('00'), at('03'), at('06')) }, 'many.yml', 'log.xml');
    expect(run.out).toBe(`Many Whoami many.yml
  event_count within 10m per Computer, over 3 events
  true  whoami (Whoami): 3 matches
  true  fired once
    2026-01-01T00:00:00.0000000Z to 2026-01-01T00:06:00.0000000Z (6m 0s), Computer PC1: records 0, 1, 2

`);
  });

  const SECOND = WHOAMI.replaceAll('whoami', 'quser').replaceAll('Whoami', 'Quser');
  const temporal = (type: string) =>
    `title: Both\nname: both\ncorrelation:\n    type: ${type}\n    rules: [whoami, quser]\n    group-by: [Computer]\n    timespan: 5m\nlevel: high\n`;
  const quser = (minute: string, computer?: string) => at(minute, computer).replace('whoami', 'quser');

  it.each([
    ['a rule without a match', 'temporal', [at('00')], 'the log has no event for "quser" (Quser)'],
    [
      'parts of different groups',
      'temporal',
      [at('00'), quser('01', 'PC2')],
      'no Computer has events for all of its rules: pc1 has whoami; pc2 has quser',
    ],
    [
      'a window that is too small',
      'temporal',
      [at('00'), quser('07'), at('20')],
      'its events of Computer pc1 are 7m 0s apart; the window is 5m',
    ],
    [
      'an order that is never kept',
      'temporal_ordered',
      [quser('00'), at('01')],
      'its events of Computer pc1 come within the window, but never in the order whoami, quser',
    ],
  ])('names the smallest reason: %s', async (_, type, events, reason) => {
    const run = await explain(
      { 'both.yml': temporal(type), 'quser.yml': SECOND, 'log.xml': log(...events) },
      'both.yml',
      'log.xml',
      '--format',
      'json',
    );
    expect(JSON.parse(run.out).explanations[0]).toMatchObject({ fired: [], reasons: [reason] });
  });

  it('says how far a count was from its bound', async () => {
    const run = await explain({ 'many.yml': MANY_WHOAMI, 'log.xml': log(at('00'), at('03'), at('20')) }, 'many.yml', 'log.xml');
    expect(run.out).toContain('smallest reason: within 10m at most 2 events matched of Computer pc1, wanted is at least 3\n');
  });
});

describeShared("the brief's rules on recorded attacks", () => {
  const ghost = 'corpus/evtx-attack-samples/Persistence/wmighost_sysmon_20_21_1.evtx';

  it('the sequence did not fire on the wmi-ghost sample because the log has no filter event', async () => {
    const run = await runWinnow(['explain', `${projectRoot}/rules/wmi_subscription_sequence.yml`, shared(ghost)]);
    expect(run.code).toBe(0);
    expect(run.out).toContain('false wmi_filter_registered (WMI Event Filter Registered): 0 matches\n');
    expect(run.out).toContain(
      'smallest reason: the log has no event for "wmi_filter_registered" (WMI Event Filter Registered)\n',
    );
    expect(run.out).toContain('value in selection: EventID is "20", wanted "19"\n');
  });

  it.each(['process_creation', 'file_event'])(
    'with the label %s the rule can never match, and explain says why',
    async (category) => {
      const rule = `title: Suspicious WMI Event Consumer
logsource: {product: windows, category: ${category}}
detection:
    selection:
        EventID: 21
        Consumer|contains: [CommandLineEventConsumer, ActiveScriptEventConsumer]
    condition: selection
`;
      const folder = folderWith({ 'rule.yml': rule });
      const run = await runWinnow(['explain', `${folder}/rule.yml`, shared(ghost)]);
      expect(run.out).toContain(
        `can never match: line 5: category "${category}" has no event with EventID 21, so the rule can never match.`,
      );
      expect(run.out).toContain('Event 21 belongs to `category: wmi_event`.');
      expect(run.out).toContain('only the log source is in the way of an event that satisfies the condition:');
    },
  );
});

describe('the smallest reason', () => {
  const SYSMON = '"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1';
  async function reasonsOf(item: string, event: string): Promise<readonly string[]> {
    const rule = `title: A\nlogsource: {product: windows}\ndetection:\n    selection:\n        ${item}\n    condition: selection\nlevel: low\n`;
    const run = await explain({ 'r.yml': rule, 'log.jsonl': `{${SYSMON},${event}}\n` }, 'r.yml', 'log.jsonl', '--format', 'json');
    const [record] = JSON.parse(run.out).explanations[0].records;
    return record.smallestReason.map((one: { kind: string; reason: string }) => `${one.kind}: ${one.reason}`);
  }

  it('tells a number from the digits of a text', async () => {
    expect(await reasonsOf('Status: 0x0', '"Status":"0x0"')).toEqual(['value: Status is "0x0", wanted the number 0 (0x0)']);
  });

  it('shows blanks and letters that look like others', async () => {
    expect(await reasonsOf("CommandLine|contains: 'whoami /priv'", '"CommandLine":"whoami\u00a0/priv"')).toEqual([
      'value: CommandLine is "whoami<U+00A0>/priv", wanted contains "whoami /priv"',
    ]);
    expect(await reasonsOf("CommandLine: 'who\u0430mi'", '"CommandLine":"whoami"')).toEqual([
      'value: CommandLine is "whoami", wanted "who<U+0430>mi"',
    ]);
  });

  it('shows the value of the other field', async () => {
    expect(await reasonsOf('A|fieldref: B', '"A":"bob","B":"BOB "')).toEqual([
      'value: A is "bob", wanted fieldref B, which is "BOB "',
    ]);
  });

  it('says what is not wanted', async () => {
    expect(await reasonsOf('User|neq: [bob, eve]', '"User":"eve"')).toEqual(['value: User is "eve", wanted not "bob" or "eve"']);
  });

  it('names what is lacking of several values', async () => {
    expect(await reasonsOf('CommandLine|contains|all: [a, b, c]', '"CommandLine":"a b"')).toEqual([
      'value: CommandLine is "a b", wanted contains "a" and "b" and "c"; lacking is "c"',
    ]);
  });

  it('of a correlation over a correlation counts what that groups by', async () => {
    const rules = `${WHOAMI}---\n${MANY_WHOAMI}---\n${WHOAMI.replace('title: Whoami', 'title: Quser').replace('name: whoami', 'name: quser').replace('whoami.exe', 'quser.exe')}---\ntitle: Then\nname: then\ncorrelation:\n    type: temporal_ordered\n    rules: [many_whoami, quser]\n    group-by: [Computer]\n    timespan: 10m\nlevel: high\n`;
    const times = ['00:00:00', '00:01:00', '00:02:00'].map((time, i) => startedXml(WHOAMI_EXE, i, `2026-01-01T${time}Z`));
    const late = startedXml('C:\\Windows\\System32\\quser.exe', 9, '2026-01-01T00:33:00Z');
    const run = await explain({ 'rules.yml': rules, 'log.xml': log(...times, late) }, '-r', 'rules.yml', 'then', 'log.xml');
    expect(run.out).toContain('smallest reason: its events of Computer pc1 are 31m 0s apart; the window is 10m');
  });
});
