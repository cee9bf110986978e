/** `winnow test` as its users see it: files on disk, exit codes, formats. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { describeShared, shared } from '../support/shared.ts';
import { MANY_WHOAMI, started, startedXml, WHOAMI } from './support.ts';

const WHOAMI_EXE = 'C:\\Windows\\System32\\whoami.exe';

function testFile(tests: string, rule = 'whoami.yml'): string {
  return `rule: ${rule}\ntests:\n${tests}`;
}

const MATCHES = `    - name: whoami matches
      events: [${started(WHOAMI_EXE)}]
      match: true
`;

async function winnowTest(files: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const folder = folderWith({ 'whoami.yml': WHOAMI, ...files });
  const run = await runWinnow(['test', '.', ...argv], { cwd: folder });
  return { ...run, out: run.out.replaceAll(folder, ''), folder };
}

describe('winnow test', () => {
  it('passes when every test holds, and says what they have seen', async () => {
    const run = await winnowTest({ 'whoami.test.yml': testFile(MATCHES) });
    expect([run.code, run.out]).toEqual([
      0,
      'coverage: 1 of 1 rules have a test, 1 of 2 selections held in one\n1 passed, 0 failed\n',
    ]);
  });

  it('lists with --coverage what no test has seen, and fails with --require-tests where a rule has none', async () => {
    const files = { 'whoami.test.yml': testFile(MATCHES), 'other.yml': WHOAMI.replaceAll('hoami', 'ho') };
    const listed = await winnowTest(files, '--coverage');
    expect(listed.code).toBe(0);
    expect(listed.out).toMatch(
      /no test: Who \(.*other\.yml\)\nnever held in a test: filter_main_agent of Whoami \(.*whoami\.yml\)\n/,
    );
    expect((await winnowTest(files, '--require-tests')).code).toBe(1);
  });

  it('fails with the smallest reason when a match is missing', async () => {
    const run = await winnowTest({
      'whoami.test.yml': testFile(`    - name: the agent asks
      events: [${started(WHOAMI_EXE, "ParentImage: 'C:\\agent.exe'")}]
`),
    });
    expect(run.code).toBe(1);
    expect(run.out).toMatch(
      /FAIL the agent asks \(Whoami\)\n.*whoami\.test\.yml:3\n {5}expected a match, found none\n {5}record 0: filter: ParentImage is "C:\\agent\.exe" satisfies "\\agent\.exe"\n/,
    );
  });

  it('fails on a match that must not be, on other records and on another count', async () => {
    const two = `[${started(WHOAMI_EXE)}, ${started('C:\\a.exe')}, ${started(WHOAMI_EXE)}]`;
    const run = await winnowTest(
      {
        'whoami.test.yml': testFile(
          [
            `    - {name: none, events: ${two}, match: false}`,
            `    - {name: which, events: ${two}, records: [0]}`,
            `    - {name: right, events: ${two}, records: [2, 0], count: 2}`,
            `    - {name: often, events: ${two}, count: 3}`,
          ].join('\n'),
        ),
      },
      '--format',
      'json',
    );
    const parsed = JSON.parse(run.out);
    expect(parsed.tests.map((one: { name: string; message: string }) => [one.name, one.message])).toEqual([
      ['none', 'expected no match, found 2 on records 0, 2'],
      ['which', 'expected record 0, found records 0, 2'],
      ['right', ''],
      ['often', 'expected 3 matches, found 2 on records 0, 2'],
    ]);
    expect([run.code, parsed.summary]).toEqual([1, { passed: 1, failed: 3, falsePositives: 0 }]);
  });

  it('fails a test for no match that cannot fail: none of its events is of the log source', async () => {
    const run = await winnowTest({
      'whoami.test.yml': testFile(`    - name: nothing happens
      match: false
      events: [{Channel: Microsoft-Windows-Sysmon/Operatoinal, EventID: 1, Image: 'C:\\\\whoami.exe'}]
`),
    });
    expect(run.code).toBe(1);
    expect(run.out).toContain('no event of the test is one of the log source: it would pass whatever the rule says');
    expect(run.out).toContain('Channel is "Microsoft-Windows-Sysmon/Operatoinal"');
  });

  it('takes what only the log source keeps from matching for a test of that', async () => {
    const event = started(WHOAMI_EXE).replace('Microsoft-Windows-Sysmon/Operational', 'Application');
    const other = (more: string) => ({
      'whoami.test.yml': testFile(`    - name: elsewhere\n      match: false\n${more}      events: [${event}]\n`),
    });
    expect((await winnowTest(other(''))).code).toBe(0);
    // A slip of the pen in the channel is no other log.
    const typo = other('')['whoami.test.yml'].replace('Application', 'Microsoft-Windows-Sysmon/Operatoinal');
    expect((await winnowTest({ 'whoami.test.yml': typo })).code).toBe(1);
  });

  it('in-log-source: false says that no event is of the log source, and fails where one is', async () => {
    const test = (event: string) => ({
      'whoami.test.yml': testFile(
        `    - name: elsewhere\n      match: false\n      in-log-source: false\n      events: [${event}]\n`,
      ),
    });
    expect((await winnowTest(test('{Channel: Application, EventID: 1}'))).code).toBe(0);
    const run = await winnowTest(test(started('C:\\a.exe')));
    expect([run.code, run.out]).toEqual([1, expect.stringContaining('an event of the test is one of the log source')]);
  });

  it.each([
    ['match: false\n      records: [0]', '"match: false" and "records" exclude each other.'],
    ['match: false\n      count: 2', '"match: false" and "count" exclude each other.'],
    ['match: true\n      count: 0', '"count" expects nothing, but the test expects a match.'],
    ['records: []', '"records" expects nothing, but the test expects a match.'],
  ])('refuses a test that contradicts itself: %s', async (keys, message) => {
    const run = await winnowTest({
      'whoami.test.yml': testFile(`    - name: a\n      ${keys}\n      events: [${started(WHOAMI_EXE)}]\n`),
    });
    expect([run.code, run.out]).toEqual([2, expect.stringContaining(message)]);
  });

  it('reads events from a log', async () => {
    const run = await winnowTest({
      'whoami.test.yml': testFile('    - {name: in a log, log: logs/x.xml, records: [1]}\n'),
      'logs/x.xml': `<Events>${startedXml('C:\\a.exe', 1, '2026-01-01T00:00:00Z')}${startedXml(WHOAMI_EXE, 2, '2026-01-01T00:00:01Z')}</Events>`,
    });
    expect([run.code, run.out.split('\n').at(-2)]).toEqual([0, '1 passed, 0 failed']);
  });

  it('tests correlations with the rules beside them, and says how far they were from firing', async () => {
    const at = (minute: string) => started(WHOAMI_EXE, `TimeCreated_SystemTime: '2026-01-01T00:${minute}:00Z'`);
    const run = await winnowTest(
      {
        'many.yml': MANY_WHOAMI,
        'many.test.yml': testFile(
          `    - {name: three in ten minutes, events: [${at('00')}, ${at('05')}, ${at('10')}], records: [0, 1, 2]}
    - {name: three in a quarter of an hour, events: [${at('00')}, ${at('07')}, ${at('15')}], match: false}
    - {name: wrong on purpose, events: [${at('00')}, ${at('07')}, ${at('15')}], match: true}
`,
          'many.yml',
        ),
      },
      '--format',
      'json',
    );
    const tests = JSON.parse(run.out).tests;
    expect(tests.map((one: { passed: boolean }) => one.passed)).toEqual([true, true, false]);
    expect(tests[2].hint).toBe('within 10m at most 2 events matched of Computer pc1, wanted is at least 3');
  });

  it('takes values for placeholders from the test file', async () => {
    const run = await winnowTest({
      'admin.yml': WHOAMI.replace("Image|endswith: '\\whoami.exe'", "User|expand: '%Admins%'").replaceAll('hoami', 'dmin'),
      'admin.test.yml': `rule: admin.yml\nvalues: {Admins: ['adm-*']}\ntests:\n    - {name: an admin, events: [${started('x', 'User: ADM-7')}]}\n`,
    });
    expect([run.code, run.out.split('\n').at(-2)]).toEqual([0, '1 passed, 0 failed']);
  });

  it('takes a rule file for the tests beside it, and runs each test once', async () => {
    const folder = folderWith({
      'whoami.yml': WHOAMI,
      'whoami.test.yml': testFile(MATCHES),
      'other.test.yml': testFile(MATCHES),
    });
    const run = await runWinnow(['test', 'whoami.yml', 'whoami.test.yml'], { cwd: folder });
    expect([run.code, run.out.split('\n').at(-2)]).toEqual([0, '1 passed, 0 failed']);
  });

  it('fails when there is no test at all', async () => {
    const run = await winnowTest({});
    expect([run.code, run.err]).toEqual([1, 'winnow test: no test was found.\n']);
  });

  it('says which tests and rules were not read, and runs the others', async () => {
    const files = { 'rules/whoami.yml': WHOAMI, 'rules/whoami.test.yml': testFile(MATCHES) };
    const folder = folderWith(files);
    symlinkSync('nowhere', join(folder, 'rules/gone.yml'));
    symlinkSync('nowhere', join(folder, 'rules/gone.test.yml'));
    const run = await runWinnow(['test', 'rules'], { cwd: folder });
    expect([run.code, run.err.match(/gone\S* warning \S*/g)]).toEqual([
      0,
      ['gone.test.yml warning test/link:', 'gone.yml warning rule/link:'],
    ]);
  });

  it('exits with 2 when a rule under test was refused or serves no event log, and says why', async () => {
    const refused = await winnowTest({ 'bad.yml': 'title: x\n', 'bad.test.yml': testFile(MATCHES, 'bad.yml') });
    expect([refused.code, refused.out]).toEqual([2, expect.stringContaining('rule/no-detection')]);
    const linux = await winnowTest({
      'linux.yml': WHOAMI.replace('product: windows', 'product: linux'),
      'linux.test.yml': testFile(MATCHES, 'linux.yml'),
    });
    expect([linux.code, linux.out]).toEqual([2, expect.stringContaining('product "linux" does not write Windows event logs')]);
  });

  it.each([
    ['rule: whoami.yml\ntests:\n    - {name: x, evnts: []}\n', ':3', '"evnts" is no key of a test.', 'Did you mean "events"?'],
    ['rule: whoami.yml\ntests:\n    - {name: x, events: [], match: maybe}\n', ':3', '"match" must be true or false.', ''],
    ['rule: whoami.yml\ntests:\n    - {name: x}\n', ':3', 'a test needs "events" or a "log".', ''],
    ['tests: []\n', ':1', 'there is no "rule".', 'Name the rule file'],
    ['rule: [\n', '', '', ''],
  ])('refuses a test file that it does not understand: %j', async (text, line, message, hint) => {
    const run = await winnowTest({ 'x.test.yml': text });
    expect(run.code).toBe(2);
    for (const part of [`x.test.yml${line}`, message, hint]) expect(run.out).toContain(part);
  });

  it('fails on a log that is not there or holds no event', async () => {
    const run = await winnowTest({
      'a.test.yml': testFile('    - {name: gone, log: gone.evtx}\n'),
      'b.test.yml': testFile('    - {name: empty, log: empty.xml, match: false}\n'),
      'empty.xml': '<Events></Events>',
    });
    expect(run.code).toBe(1);
    expect(run.out).toContain('0 passed, 2 failed');
  });
});

describe('--baseline', () => {
  const logs = {
    'good/a.xml': `<Events>${startedXml(WHOAMI_EXE, 1, '2026-01-01T00:00:00Z')}${startedXml(WHOAMI_EXE, 2, '2026-01-01T01:00:00Z')}</Events>`,
    'whoami.test.yml': testFile(MATCHES),
  };

  it('is run on rules without a test', async () => {
    const xml = `<Events>${startedXml(WHOAMI_EXE, 1, '2026-01-01T00:00:00Z')}</Events>`;
    const run = await winnowTest({ 'logs/a.xml': xml }, '--baseline', 'logs');
    expect([run.code, run.out]).toEqual([1, expect.stringContaining('1 hits in logs without an attack')]);
  });

  it('fails a rule that hits more often than its budget, and names the records', async () => {
    const run = await winnowTest(logs, '--baseline', 'good', '--max-hits', '1');
    expect(run.code).toBe(1);
    expect(run.out).toMatch(
      /FAIL baseline: Whoami \(Whoami\)\n.*\n {5}2 hits in logs without an attack, at most 1 are allowed\n.*a\.xml record 0, .*a\.xml record 1\n/,
    );
  });

  it('passes within the budget', async () => {
    expect((await winnowTest(logs, '--baseline', 'good', '--max-hits', '2')).code).toBe(0);
  });

  it('fails when the folder holds no event: nothing was tested', async () => {
    const run = await winnowTest({ ...logs, 'none/readme.txt': 'x' }, '--baseline', 'none');
    expect([run.code, run.out]).toEqual([1, expect.stringContaining('no event was read from')]);
  });
});

describe('formats', () => {
  const files = {
    'whoami.test.yml': testFile(`${MATCHES}    - {name: 'fails <&"> # TODO', events: [${started('C:\\a.exe')}]}\n`),
  };

  it('JUnit is well-formed and counts', async () => {
    const { out } = await winnowTest(files, '--format', 'junit');
    expect(XMLValidator.validate(out)).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(out);
    expect(parsed.testsuites).toMatchObject({ tests: '2', failures: '1' });
    expect(parsed.testsuites.testsuite.testcase[1].name).toBe('fails <&"> # TODO');
  });

  it('TAP numbers the tests and escapes what would be a directive', async () => {
    const { out } = await winnowTest(files, '--format', 'tap');
    expect(out.split('\n').slice(0, 6)).toEqual([
      'TAP version 14',
      '1..2',
      'ok 1 - Whoami: whoami matches',
      'not ok 2 - Whoami: fails <&"> \\# TODO',
      '  ---',
      '  message: "expected a match, found none"',
    ]);
  });

  it('GitHub gets one annotation per failure', async () => {
    const { out } = await winnowTest(files, '--format', 'github');
    expect(out).toMatch(
      /^::error file=.*whoami\.test\.yml,line=6,title=fails <&"> # TODO::expected a match, found none%0Arecord 0: .*\n1 passed, 1 failed\n$/,
    );
  });
});

describeShared('the regression tests of SigmaHQ', () => {
  it('are read natively: 202 cases, 202 pass', async () => {
    const run = await runWinnow(['test', shared('corpus/regression'), '-r', shared('corpus/sigmahq')]);
    expect([run.code, run.out.trimEnd().split('\n').at(-1)]).toEqual([0, '202 passed, 0 failed']);
  });

  it('fail when a rule does not match its log', async () => {
    const folder = folderWith({
      'whoami.yml': `id: 8a2f4b1c-3d5e-4f7a-9b2c-1e4f6d8a9c2b\n${WHOAMI}`,
    });
    const one = join(
      'corpus/regression/rules-threat-hunting/windows/image_load/image_load_win_werfaultsecure_dbgcore_dbghelp_load',
    );
    const run = await runWinnow(['test', shared(one), '-r', folder]);
    expect([run.code, run.out]).toEqual([1, expect.stringContaining('expected a match, found none')]);
  });
});

describe('tests and the rules they are of', () => {
  const AGENT = `    - name: the agent does not match
      events: [${started(WHOAMI_EXE, "ParentImage: 'C:\\agent.exe'")}]
      match: false
`;
  const QUIET = `    - name: another program does not match
      events: [${started('C:\\Windows\\notepad.exe')}]
      match: false
`;

  it('--run takes the tests whose name, or that of the rule, holds a text', async () => {
    const files = { 'whoami.test.yml': testFile(MATCHES + AGENT) };
    expect((await winnowTest(files, '--run', 'agent', '-v')).out).toContain('pass the agent does not match (Whoami)\ncoverage');
    expect((await winnowTest(files, '--run', 'Whoami')).out).toContain('2 passed');
    expect((await winnowTest(files, '--run', 'nothing of that name')).code).toBe(1);
  });

  it('--min-coverage asks for a share of the selections', async () => {
    const files = { 'whoami.test.yml': testFile(MATCHES) };
    expect((await winnowTest(files, '--min-coverage', '50')).code).toBe(0);
    const run = await winnowTest(files, '--min-coverage', '51');
    expect([run.code, run.err]).toEqual([1, 'winnow test: 1 of 2 selections held in a test, wanted are 51 %.\n']);
  });

  it('--pass-with-no-tests ends with 0 where there is none', async () => {
    expect((await winnowTest({}, '--pass-with-no-tests')).code).toBe(0);
  });

  it('a rule that a tested correlation refers to counts as tested', async () => {
    const times = ['00', '01', '02'].map((minute) =>
      started(WHOAMI_EXE, `TimeCreated_SystemTime: '2026-01-01T00:${minute}:00Z'`),
    );
    const many = testFile(`    - name: three in ten minutes\n      events: [${times.join(', ')}]\n`, 'many.yml');
    const run = await winnowTest({ 'many.yml': MANY_WHOAMI, 'many.test.yml': many });
    expect(run.out).toBe('coverage: 2 of 2 rules have a test, 1 of 2 selections held in one\n1 passed, 0 failed\n');
  });

  it('an unexpected match says which values held', async () => {
    const run = await winnowTest({ 'whoami.test.yml': testFile(MATCHES.replace('match: true', 'match: false')) });
    expect(run.out).toContain(
      'record 0: selection: Image is "C:\\Windows\\System32\\whoami.exe", wanted endswith "\\whoami.exe"',
    );
  });

  it('JUnit has the time of each test', async () => {
    const folder = folderWith({ 'whoami.yml': WHOAMI, 'whoami.test.yml': testFile(MATCHES) });
    let now = 0;
    const clock = () => (now += 250);
    const run = await runWinnow(['test', '.', '-f', 'junit'], { cwd: folder, clock });
    expect(run.out.match(/time="[\d.]+"/g)).toEqual(['time="0.250"', 'time="0.250"', 'time="0.250"']);
  });

  it('--mutate names the changes that no test notices, and none where the tests are good', async () => {
    const weak = await winnowTest({ 'whoami.test.yml': testFile(MATCHES) }, '--mutate');
    expect([
      weak.code,
      weak.out
        .replaceAll(/\S*\/(?=whoami)/g, '/')
        .split('\n')
        .slice(2),
    ]).toEqual([
      1,
      [
        'unnoticed: /whoami.yml:9 the condition with "or" for "and"',
        'unnoticed: /whoami.yml:9 the condition without "selection"',
        'unnoticed: /whoami.yml:9 the condition without "not" and "1 of filter_main_*"',
        '3 of 6 changes of rules noticed',
        '',
      ],
    ]);
    const good = await winnowTest({ 'whoami.test.yml': testFile(MATCHES + AGENT + QUIET) }, '--mutate');
    expect([good.code, good.out.split('\n').at(-2)]).toEqual([0, '6 of 6 changes of rules noticed']);
  });
});

describe('winnow test --init', () => {
  const log = `<Events>${startedXml('C:\\a.exe', 11, '2026-01-01T00:00:00Z')}${startedXml(WHOAMI_EXE, 12, '2026-01-01T00:00:01Z')}</Events>`;

  it.each([
    [[], 'record 12 of log.xml matches', 'true'],
    [['--record', '11'], 'record 11 of log.xml does not match', 'false'],
  ])('writes a test that passes: %j', async (argv, name, match) => {
    const folder = folderWith({ 'whoami.yml': WHOAMI, 'log.xml': log });
    const run = await runWinnow(['test', '--init', 'whoami.yml', '--from', 'log.xml', ...argv, '-o', 'whoami.test.yml'], {
      cwd: folder,
    });
    expect([run.code, run.err]).toEqual([0, '']);
    const text = readFileSync(join(folder, 'whoami.test.yml'), 'utf8');
    expect(text).toContain(`rule: 'whoami.yml'\ntests:\n    - name: '${name}'\n`);
    expect(text).toContain(`match: ${match}\n`);
    expect((await runWinnow(['test', 'whoami.test.yml'], { cwd: folder })).out).toContain('1 passed, 0 failed');
  });

  it('refuses a record that is not there, and one that is none of the log source', async () => {
    const other = startedXml('C:\\a.exe', 13, '2026-01-01T00:00:00Z').replaceAll('Microsoft-Windows-Sysmon', 'Other');
    const folder = folderWith({ 'whoami.yml': WHOAMI, 'log.xml': log.replace('</Events>', `${other}</Events>`) });
    const init = async (record: string) =>
      (await runWinnow(['test', '--init', 'whoami.yml', '--from', 'log.xml', '--record', record], { cwd: folder })).err;
    expect(await init('99')).toContain('log.xml has no record 99 (3 events were read)');
    expect(await init('13')).toMatch(/record 13 of \S*log\.xml is no event of the rule's log source/);
  });

  it('keeps characters that YAML would change', async () => {
    const hostile = startedXml('C:\\whoami.exe', 12, '2026-01-01T00:00:01Z').replace(
      'C:\\Windows\\explorer.exe',
      "it's &#9;#x: \u202e",
    );
    const folder = folderWith({ 'whoami.yml': WHOAMI, 'log.xml': `<Events>${hostile}</Events>` });
    const run = await runWinnow(['test', '--init', 'whoami.yml', '--from', 'log.xml'], { cwd: folder });
    expect(run.out).toContain('ParentImage: "it\'s \\t#x: \\u202e"');
  });
});
