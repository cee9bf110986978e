/** `winnow test` as its users see it: files on disk, exit codes, formats. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { describeShared, shared } from '../support/shared.ts';
import { folderWith, MANY_WHOAMI, started, startedXml, WHOAMI } from './support.ts';

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
    expect([run.code, parsed.summary]).toEqual([1, { passed: 1, failed: 3 }]);
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
