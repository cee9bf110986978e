/** A scripted session: what an editor sees while a rule is written. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { correlationText, ruleText } from '../../src/lint/examples.ts';
import { folderWith } from '../support/folder.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';
import { codesOf, type Session, sessionHere, sessionOf, uriOf } from './session.ts';

async function started(folder: string | null, argv: readonly string[] = []): Promise<Session> {
  const session = sessionHere(argv, folder ?? undefined);
  onTestFinished(() => session.close());
  await session.start(folder);
  await session.loaded;
  return session;
}

const RULE = `title: Whoami From A Shell
id: 3f6e1a52-9c0d-4b7e-8a41-5d2c7b9e6f03
status: experimental
description: Finds whoami, which administrators seldom need and attackers often do.
author: nobody
date: 2026-01-15
tags:
    - attack.discovery
    - attack.t1033
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\whoami.exe'
        IntegrityLevel: System
    filter_main_agent:
        ParentImage|endswith: '\\agent.exe'
    condition: selection and not 1 of filter_main_*
falsepositives:
    - Unlikely
level: low
`;

describe('diagnostics', () => {
  it('are those of lint on the text as it stands, saved or not, with the range of the fault', async () => {
    const folder = folderWith({});
    const path = join(folder, 'a.yml');
    const session = await started(folder);
    expect(await session.open(path, RULE)).toEqual([]);
    const found = await session.type(path, session.after(path, 'Image|ends'), 'x');
    expect(found).toEqual([
      {
        range: { start: { line: 14, character: 14 }, end: { line: 14, character: 38 } },
        severity: 1,
        code: 'rule/unknown-modifier',
        source: 'winnow',
        message: '"endsxwith" is not a modifier.\nDid you mean "endswith"?',
      },
    ]);
    const end = session.after(path, 'Image|endsx');
    expect(await session.type(path, { ...end, character: end.character - 1 }, '', end)).toEqual([]);
  });

  it('are silent about YAML that is no rule', async () => {
    const session = await started(folderWith({}));
    expect(await session.open('/nowhere/compose.yml', 'services:\n    web: {image: x}\n')).toEqual([]);
  });

  it('hold a rule against the other files, and follow them when they change on disk', async () => {
    const folder = folderWith({ 'old.yml': RULE });
    const path = join(folder, 'new.yml');
    const session = await started(folder);
    expect(codesOf(await session.open(path, RULE)).sort()).toEqual(['duplicate-id', 'duplicate-rule', 'duplicate-title']);
    rmSync(join(folder, 'old.yml'));
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf(join(folder, 'old.yml')), type: 3 }],
    });
    expect(await session.publishedWith(path, (codes) => codes.length === 0)).toEqual([]);
  });

  it('find what a correlation refers to in another open text, and in folders of -r', async () => {
    const [base, correlation] = correlationText().split('---\n');
    const folder = folderWith({ 'context/base.yml': base! });
    const path = join(folder, 'rules', 'c.yml');
    const alone = await started(null);
    expect(codesOf(await alone.open(path, correlation!))).toEqual(['rule/unknown-rule']);
    await alone.open(join(folder, 'rules', 'base.yml'), base!);
    expect(await alone.publishedWith(path, (codes) => codes.length === 0)).toEqual([]);
    const lost = await started(null, ['-r', join(folder, 'no-such-folder')]);
    expect(codesOf(await lost.open(path, correlation!))).toEqual(['rule/unknown-rule']);
    expect(lost.messages.join('\n')).toContain('no-such-folder');
    const withContext = await started(null, ['-r', join(folder, 'context')]);
    expect(await withContext.open(path, correlation!)).toEqual([]);
  });

  it('obey the configuration, and follow it', async () => {
    const folder = folderWith({ '.winnow.yml': 'lint:\n    rules:\n        date-format: off\n', '.git/HEAD': '' });
    const path = join(folder, 'a.yml');
    const session = await started(folder);
    const text = ruleText('date: 2026/01/15');
    expect(codesOf(await session.open(path, text))).toEqual([]);
    writeFileSync(join(folder, '.winnow.yml'), 'lint:\n    rules:\n        date-format: error\n');
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf(join(folder, '.winnow.yml')), type: 2 }],
    });
    expect(await session.publishedWith(path, (codes) => codes.length > 0)).toEqual(['date-format']);
    writeFileSync(join(folder, '.winnow.yml'), 'lint:\n    rules:\n        date-formt: error\n');
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf(join(folder, '.winnow.yml')), type: 2 }],
    });
    await session.type(path, { line: 0, character: 7 }, 'X');
    expect(session.messages.join('\n')).toContain('"date-formt" is no lint rule. Did you mean "date-format"?');
  });

  it('are also given for tests and for the configuration itself', async () => {
    const folder = folderWith({});
    const session = await started(folder);
    const test = await session.open(
      join(folder, 'a.test.yml'),
      'rule: a.yml\ntests:\n    - name: x\n      events: []\n      mach: true\n',
    );
    expect(test.map(({ code, range, message }) => [code, range.start.line, message])).toEqual([
      ['test/file', 4, '"mach" is no key of a test.\nDid you mean "match"?'],
    ]);
    const config = await session.open(join(folder, 'winnow.yml'), 'lint:\n    ruls: {}\n');
    expect(config.map(({ code, range }) => [code, range.start])).toEqual([['project/entry', { line: 1, character: 4 }]]);
    const tuning = await session.open(join(folder, 'tuning.yml'), '- rule: a\n  lvel: low\n  reason: r\n');
    expect(tuning.map(({ message, range }) => [message, range.start.line])).toEqual([
      ['"lvel" is no key here.\nDid you mean "level"?', 1],
      ['an entry does one thing: "off: true", "level: LEVEL", or "only" and "except".', 0],
    ]);
  });

  it('know the whole project file, as the verbs read it', async () => {
    const project =
      'rules: rules\nlint:\n    fail-on: error\nscan:\n    min-level: hihg\n    format: jsonl\n    outptu: a\nextra: 1\n';
    const folder = folderWith({ 'winnow.yml': project.replace(/^ {4}(?:min|out).*\n|^extra.*\n/gm, '') });
    const session = await started(folder);
    const found = await session.open(join(folder, 'winnow.yml'), project.replace('extra: 1\n', ''));
    expect(found.map(({ message, range }) => [String(message).split('\n')[0], range.start.line])).toEqual([
      ['"min-level": "hihg" is no such value.', 4],
      ['"outptu" is no flag of scan.', 6],
    ]);
    expect(
      (await session.open(join(folder, '.winnow.yml'), project)).map(({ message }) => String(message).split('\n')[0]),
    ).toEqual(['"extra" is no key here.']);
    // A flag of lint is no unknown setting of it.
    await session.open(join(folder, 'a.yml'), RULE);
    expect(session.messages.filter((message) => message.includes('no setting'))).toEqual([]);
  });

  it('know the values and log sources that the project file names, and tell of one that is wrong', async () => {
    const folder = folderWith({
      'winnow.yml': 'values: values.yml\n',
      'values.yml': 'Servers: [a, b]\n',
    });
    const text = RULE.replace('IntegrityLevel: System', "CommandLine|contains|expand: '%Servers%'");
    const session = await started(folder);
    expect(await session.open(join(folder, 'a.yml'), text)).toEqual([]);
    const without = await started(folderWith({ 'winnow.yml': 'valeus: values.yml\n' }));
    expect(codesOf(await without.open(join(folder, 'a.yml'), text))).toEqual(['rule/placeholder']);
    expect(without.messages.join('\n')).toContain('"valeus" is no key here. Did you mean "values"?');
  });

  it('say that a test fails and why, with the rule as it is in the editor', async () => {
    const folder = folderWith({ 'a.yml': RULE });
    const [rule, path] = [join(folder, 'a.yml'), join(folder, 'a.test.yml')];
    const session = await started(folder);
    const event = "{Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\\whoami.exe', IntegrityLevel: System}";
    const test = `rule: a.yml\ntests:\n    - name: x\n      events: [${event}]\nfalsepositives:\n    - events: [{EventID: 1}]\n`;
    const first = await session.open(path, test);
    expect(first.map(({ code, range }) => [code, range.start])).toEqual([['test/false-positive', { line: 5, character: 6 }]]);
    await session.open(rule, RULE);
    const end = session.after(rule, 'IntegrityLevel: System');
    await session.type(rule, { ...end, character: end.character - 6 }, 'High', end);
    expect(await session.publishedWith(path, (codes) => codes.includes('test/failed'))).toEqual([
      'test/failed',
      'test/false-positive',
    ]);
    const [failed] = await session.published(path);
    expect(failed).toMatchObject({
      message: expect.stringContaining('"x": expected a match, found none\nrecord 0: '),
      range: { start: { line: 2, character: 6 } },
    });
    const missing = await session.open(join(folder, 'b.test.yml'), test.replace('a.yml', 'b.yml'));
    expect(missing[0]?.message).toContain('no rule in b.yml');
  });

  it('survive a text that changes while it is no YAML at all', async () => {
    const folder = folderWith({});
    const path = join(folder, 'a.yml');
    const session = await started(folder);
    await session.open(path, RULE);
    for (const piece of ["'", '\n\t', '{[', '\ud800', '---\n', ': ']) await session.type(path, { line: 14, character: 3 }, piece);
    expect(codesOf(await session.published(path))[0]).toMatch(/^rule\//);
  });
});

/** Edits of the fuzz below; more with WINNOW_EDITS. */
const EDITS = Number(process.env.WINNOW_EDITS ?? 40);

describe('any text', () => {
  it('has an answer to every question, however it was typed', { timeout: 300_000 }, async () => {
    const folder = folderWith({});
    const path = join(folder, 'a.yml');
    const session = await started(folder);
    await session.open(path, RULE);
    let seed = 20261130;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    const pieces = [
      "'",
      '"',
      ': ',
      '|',
      '- ',
      '\n',
      '\n    ',
      '#',
      '{',
      '[',
      '---\n',
      '\\',
      '*',
      '&a ',
      '*a',
      'contains',
      'tags:',
      'x',
      '\t',
      '\u00e9',
      '\ud83d\ude00',
      '',
    ];
    for (let i = 0; i < EDITS; i++) {
      const lines = 22 + random(4);
      const at = { line: random(lines), character: random(40) };
      const end = random(3) === 0 ? { line: at.line + random(2), character: at.character + random(8) } : at;
      await session.type(path, at, pieces[random(pieces.length)]!, end);
      const place = { textDocument: { uri: uriOf(path) }, position: { line: random(lines), character: random(40) } };
      await session.connection.sendRequest('textDocument/completion', place);
      await session.connection.sendRequest('textDocument/hover', place);
      const range = { start: place.position, end: place.position };
      await session.connection.sendRequest('textDocument/codeAction', { ...place, range, context: { diagnostics: [] } });
    }
    expect(session.messages.filter((message) => !message.includes('rule files'))).toEqual([]);
  });
});

describe('corrections', () => {
  it('are those of lint --fix, one at a time or all; a comment switches a finding off', async () => {
    const folder = folderWith({});
    const path = join(folder, 'a.yml');
    const session = await started(folder);
    const text = RULE.replace('2026-01-15', '2026/01/15').replace('attack.t1033', 'attack.T1033');
    const found = await session.open(path, text);
    expect(codesOf(found)).toEqual(['date-format', 'tag-format']);
    const actions = await session.corrections(path, found[0]!);
    expect(actions.map(({ title, kind }) => [title, kind])).toEqual([
      ['Write 2026-01-15', 'quickfix'],
      ['Switch off date-format for this line', 'quickfix'],
      ['Correct all that can be corrected safely (2)', 'source.fixAll.winnow'],
    ]);
    expect(session.corrected(path, actions[0]!)).toBe(text.replace('2026/01/15', '2026-01-15'));
    expect(session.corrected(path, actions[1]!)).toBe(text.replace('date:', '# winnow-disable-next-line date-format\ndate:'));
    expect(session.corrected(path, actions[2]!)).toBe(RULE);
  });
});

describe('completion', () => {
  const labels = async (text: string, before: string): Promise<string[]> => {
    const session = await started(folderWith({ 'other.yml': RULE.replace('\\agent.exe', '\\backup.exe') }));
    await session.open('/nowhere/a.yml', text);
    return (await session.complete('/nowhere/a.yml', before)).map(({ label }) => label);
  };

  it('knows the keys of a rule that are not there yet', async () => {
    const found = await labels('title: x\nle', 'le');
    expect(found).toContain('level');
    expect(found).not.toContain('title');
  });
  it('knows levels, products, categories with the events that serve them', async () => {
    expect(await labels('level: ', 'level: ')).toEqual(['informational', 'low', 'medium', 'high', 'critical']);
    expect(await labels('logsource:\n    product: w', 'product: w')).toContain('windows');
    expect(await labels('logsource:\n    category: ', 'category: ')).toContain('process_creation');
  });
  it('knows fields of the log source, the usual first, modifiers, and values of the field', async () => {
    const head = 'logsource:\n    category: process_creation\n    product: windows\ndetection:\n    selection:\n';
    const fields = await labels(`${head}        Im`, 'Im');
    expect(fields.slice(0, 3)).toEqual(['Image', 'IntegrityLevel', 'ParentImage']);
    expect(fields).toContain('CommandLine');
    expect(fields).not.toContain('QueryName');
    const modifiers = await labels(`${head}        Image|windash|`, 'windash|');
    expect(modifiers).toContain('endswith');
    expect(modifiers).not.toContain('windash');
    expect(await labels(`${head}        IntegrityLevel: `, 'IntegrityLevel: ')).toContain('Medium');
    expect(await labels(`${head}        ParentImage|endswith: '`, "endswith: '")).toEqual(['\\backup.exe']);
  });
  it('knows the selections of a condition and the rules that a correlation may name', async () => {
    const found = await labels(
      'detection:\n    sel_a:\n        A: b\n    sel_b:\n        C: d\n    condition: sel',
      'condition: sel',
    );
    expect(found.slice(0, 3)).toEqual(['sel_a', 'sel_b', 'sel_*']);
    expect(await labels('correlation:\n    rules:\n        - ', 'rules:\n        - ')).toEqual([
      '3f6e1a52-9c0d-4b7e-8a41-5d2c7b9e6f03',
    ]);
  });
  it('knows tags with the names of techniques', async () => {
    const session = await started(null);
    await session.open('/nowhere/a.yml', 'tags:\n    - attack.t1003');
    const found = await session.complete('/nowhere/a.yml', 'attack.t1003');
    expect(found.find(({ label }) => label === 'attack.t1003.001')).toMatchObject({
      detail: 'LSASS Memory',
      textEdit: { newText: 'attack.t1003.001', range: { start: { line: 1, character: 6 }, end: { line: 1, character: 18 } } },
    });
  });
  it('covers a value that a plain word cannot express', async () => {
    const head = 'logsource:\n    category: process_creation\n    product: windows\ndetection:\n    selection:\n';
    const session = await started(folderWith({ 'other.yml': RULE }));
    await session.open('/nowhere/a.yml', `${head}        Image|endswith: \n        ParentImage|endswith: '`);
    const [plain] = await session.complete('/nowhere/a.yml', 'Image|endswith: ');
    expect(plain?.textEdit).toMatchObject({ newText: "'\\whoami.exe'" });
    const [quoted] = await session.complete('/nowhere/a.yml', "ParentImage|endswith: '");
    expect(quoted?.textEdit).toMatchObject({ newText: '\\agent.exe' });
  });
  it('knows the keys of tests and of the configuration', async () => {
    const session = await started(null);
    await session.open('/nowhere/a.test.yml', 'tests:\n    - ma');
    expect((await session.complete('/nowhere/a.test.yml', '- ma')).map(({ label }) => label)).toContain('match');
    await session.open('/nowhere/winnow.yml', 'lint:\n    rules:\n        date');
    expect((await session.complete('/nowhere/winnow.yml', '    date')).map(({ label }) => label)).toContain('date-format');
    const labels = async (path: string, text: string): Promise<readonly string[]> => {
      await session.open(path, text);
      return (await session.complete(path, text)).map(({ label }) => label);
    };
    expect(await labels('/nowhere/1/winnow.yml', 'tu')).toContain('tune');
    expect(await labels('/nowhere/2/winnow.yml', 'scan:\n    min')).toContain('min-level');
    expect(await labels('/nowhere/2/winnow.yml', 'scan:\n    min')).not.toContain('output');
    expect(await labels('/nowhere/3/winnow.yml', 'scan:\n    min-level: ')).toContain('high');
    expect(await labels('/nowhere/tuning.yml', '- rule: a\n  exp')).toContain('expires');
    expect(await labels('/nowhere/a-tuning.yml', '- rule: a\n  level: ')).toContain('critical');
  });
});

describe('hover', () => {
  const hover = async (before: string, text = RULE): Promise<string | null> => {
    const session = await started(null);
    await session.open('/nowhere/a.yml', text);
    return session.hover('/nowhere/a.yml', before);
  };

  it('says in words what an item matches, its modifiers, and where the field comes from', async () => {
    expect(await hover('        Im')).toBe(
      '`Image` ends with `\\whoami.exe`\n\n`endswith`: the field ends with the value\n\n`Image` in events:\n- `security_4688`: `NewProcessName`',
    );
    const many = RULE.replace(
      "Image|endswith: '\\whoami.exe'",
      "CommandLine|windash|contains|all:\n            - ' -all'\n            - ''",
    );
    expect(await hover('CommandLine|win', many)).toContain(
      '`CommandLine`: all of these hold\n- contains `  -all ` or contains `  /all `',
    );
  });
  it('says which events serve a log source, what a technique is called, what a finding means', async () => {
    expect(await hover('categ')).toContain('`sysmon`: `microsoft-windows-sysmon/operational`, EventID 1');
    expect(await hover('attack.t10')).toBe('**T1033** System Owner/User Discovery\n\nhttps://attack.mitre.org/techniques/T1033/');
    expect(await hover('2026/', RULE.replace('2026-01-15', '2026/01/15'))).toMatch(/^\*\*date-format\*\*: /);
    expect(await hover('next-line date-', RULE.replace('author', '# winnow-disable-next-line date-format\nauthor'))).toMatch(
      /date-format/,
    );
    expect(await hover('nob')).toBeNull();
  });
});

const binary = join(projectRoot, 'dist', 'cli.js');

describe.skipIf(!existsSync(binary))('the binary', () => {
  it('speaks over stdio and ends when it is told to', async () => {
    const session = sessionOf(binary, ['--stdio']);
    await session.start(null);
    expect(codesOf(await session.open('/nowhere/a.yml', RULE.replace('Image|', 'Imge|')))).toEqual(['field-not-in-log-source']);
    await session.close();
    expect(await session.exitCode()).toBe(0);
  });
});

/** 100 ms are the promise (bench/lsp.mjs); the tests share their machine with others. */
const PATIENCE_MS = 1000;

describeShared('with the rules of SigmaHQ as context', () => {
  it('answers a keystroke in a rule of 300 lines at once', { timeout: 120_000 }, async () => {
    const folder = shared('corpus', 'sigmahq');
    const path = join(folder, 'long_rule.yml');
    const names = Array.from({ length: 280 }, (_, i) => `            - '\\tool_${i}.exe'`).join('\n');
    const session = await started(folder);
    const text = RULE.replace("Image|endswith: '\\whoami.exe'", `Image|endswith:\n${names}`);
    expect(text.split('\n').length).toBeGreaterThan(300);
    await session.open(path, text);
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const at = session.after(path, 'tool_1');
      const start = performance.now();
      await session.type(path, at, 'x');
      times.push(performance.now() - start);
    }
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(PATIENCE_MS);
  });
});
