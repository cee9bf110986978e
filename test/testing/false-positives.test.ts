import { describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { MANY_WHOAMI, started, startedXml, WHOAMI } from './support.ts';

const test = (folder: string, ...argv: string[]) => runWinnow(['test', '.', ...argv], { cwd: folder });

describe('known false positives', () => {
  const text = `rule: whoami.yml
tests:
    - name: whoami matches
      events: [${started('C:\\whoami.exe')}]
falsepositives:
    - name: the inventory of the help desk
      events: [${started('C:\\Tools\\whoami.exe')}]
`;

  it('are reported as such, and are neither tests that passed nor failures', async () => {
    const folder = folderWith({ 'whoami.yml': WHOAMI, 'whoami.test.yml': text });
    const run = await test(folder);
    expect([run.code, run.out.split('\n').at(-2)]).toEqual([0, '1 passed, 0 failed, 1 known false positive']);
    expect((await test(folder, '-v')).out).toContain('note the inventory of the help desk (Whoami): known false positive\n');
    expect((await test(folder, '--format', 'tap')).out).toContain(
      'ok 2 - Whoami: the inventory of the help desk # known false positive\n',
    );
    expect((await test(folder, '--format', 'junit')).out).toContain('<system-out>known false positive</system-out>');
    const json = JSON.parse((await test(folder, '--format', 'json')).out);
    expect([json.tests[1].falsePositive, json.summary]).toEqual(['matches', { passed: 1, failed: 0, falsePositives: 1 }]);
  });

  it('that no longer match are said to be so', async () => {
    const folder = folderWith({
      'whoami.yml': WHOAMI.replace('whoami.exe', 'who.exe'),
      'whoami.test.yml': text.replace('C:\\whoami', 'C:\\who'),
    });
    const run = await test(folder);
    expect([run.code, run.out]).toEqual([
      0,
      expect.stringContaining('note the inventory of the help desk (Whoami): no longer matches, remove it from falsepositives\n'),
    ]);
    expect((await test(folder, '--format', 'github')).out).toMatch(/^::notice file=\S*whoami\.test\.yml,line=6,/);
  });

  it('count as no test for coverage and notice no change of a rule', async () => {
    const only = text.replace(/tests:[\s\S]*(?=falsepositives)/, '');
    const folder = folderWith({ 'whoami.yml': WHOAMI, 'whoami.test.yml': only });
    const run = await test(folder, '--require-tests');
    expect([run.code, run.out]).toEqual([
      1,
      expect.stringContaining('coverage: 0 of 1 rules have a test, 0 of 2 selections held'),
    ]);
  });
});

describe('known false positives in a baseline', () => {
  it('are no hits; others are', async () => {
    const log = (...images: string[]): string =>
      images.map((image, i) => startedXml(image, i + 1, '2026-01-01T00:00:00Z')).join('');
    const known =
      "rule: whoami.yml\nfalsepositives:\n    - name: help desk\n      events: [{EventID: 1, Image: 'c:\\tools\\WHOAMI.exe'}]\n";
    const files = { 'whoami.yml': WHOAMI, 'whoami.test.yml': known };
    const good = folderWith({ ...files, 'good/a.xml': log('C:\\Tools\\whoami.exe', 'C:\\Tools\\whoami.exe') });
    const run = await test(good, '--baseline', 'good', '-v');
    expect([run.code, run.out]).toEqual([
      0,
      expect.stringContaining('pass baseline: Whoami (Whoami): 2 known false positives\n'),
    ]);
    const other = folderWith({ ...files, 'good/a.xml': log('C:\\Tools\\whoami.exe', 'C:\\Temp\\whoami.exe') });
    const failed = await test(other, '--baseline', 'good');
    expect(failed.out).toContain('1 hits in logs without an attack, 1 known false positive, at most 0 are allowed');
  });
});

describe('defaults', () => {
  it('are fields of every inline event that does not have them itself', async () => {
    const folder = folderWith({
      'whoami.yml': WHOAMI,
      'whoami.test.yml': `rule: whoami.yml
defaults: {Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\\whoami.exe'}
tests:
    - name: by a user
      events: [{ParentImage: 'C:\\cmd.exe'}]
    - name: not by the agent
      events: [{ParentImage: 'C:\\agent.exe'}, {Image: 'C:\\cmd.exe'}]
      match: false
    - name: none of the log source
      events: [{Channel: Security, EventID: 4624}]
      match: false
      in-log-source: false
`,
    });
    expect((await test(folder)).out).toContain('3 passed, 0 failed');
  });
});

describe('an unexpected match', () => {
  const reasonOf = async (files: Record<string, string>): Promise<string> => {
    const run = await test(folderWith(files), '--format', 'json');
    return JSON.parse(run.out).tests[0].hint;
  };
  const wanted = 'selection: Image is "C:\\whoami.exe", wanted endswith "\\whoami.exe"';

  it('says which selections and values held, in events and in logs', async () => {
    const rule = { 'whoami.yml': WHOAMI };
    const file = (body: string): string => `rule: whoami.yml\ntests:\n    - name: x\n      ${body}\n`;
    expect(await reasonOf({ ...rule, 'a.test.yml': file(`events: [${started('C:\\whoami.exe')}]\n      match: false`) })).toBe(
      `record 0: ${wanted}`,
    );
    const log = {
      'a.xml': startedXml('C:\\cmd.exe', 1, '2026-01-01T00:00:00Z') + startedXml('C:\\whoami.exe', 2, '2026-01-01T00:00:01Z'),
    };
    expect(await reasonOf({ ...rule, ...log, 'a.test.yml': file('log: a.xml\n      match: false') })).toBe(`record 1: ${wanted}`);
  });

  it('of other records than expected says why these matched and why the expected ones did not', async () => {
    const body = `events: [${started('C:\\cmd.exe')}, ${started('C:\\whoami.exe')}]\n      records: [0]`;
    const reason = await reasonOf({
      'whoami.yml': WHOAMI,
      'a.test.yml': `rule: whoami.yml\ntests:\n    - name: x\n      ${body}\n`,
    });
    expect(reason.split('\n')).toEqual([expect.stringMatching(/^record 0: /), `record 1: ${wanted}`]);
  });

  it('of a correlation says what held for the rules it stands on', async () => {
    const event = started('C:\\whoami.exe', "TimeCreated_SystemTime: '2026-01-01T00:00:00Z'");
    const reason = await reasonOf({
      'whoami.yml': WHOAMI,
      'many.yml': MANY_WHOAMI,
      'many.test.yml': `rule: many.yml\ntests:\n    - name: x\n      events: [${event}, ${event}, ${event}]\n      match: false\n`,
    });
    expect(reason).toBe(`record 0: "Whoami": ${wanted}`);
  });
});
