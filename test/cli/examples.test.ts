/**
 * Every example of every verb runs, here in a folder with the files that the examples name, and says what it should. Every flag is in an
 * example of some verb.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { longName } from '../../src/commands/flags/flag.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { zipOf } from '../engine/compile/zip-writer.ts';
import { ewf, gptDisk, vmdk } from '../evidence/make-image.ts';
import { makeVolume } from '../evidence/make-volume.ts';
import { madeLog } from '../evidence/support.ts';
import { temporaryFolder } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';
import { runWinnow } from './test-context.ts';

interface Expected {
  /** Default: 0. */
  readonly code?: number;
  /** In what is printed, or in the file of --output. */
  readonly says: string | RegExp;
  /** Runs until it is interrupted. */
  readonly endless?: true;
}

/** The examples of all verbs. An example that is not here fails. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'eval "$(winnow completion bash)"': { says: '_winnow() {' },
  'winnow completion fish > ~/.config/fish/completions/winnow.fish': { says: 'complete -c winnow' },
  'winnow debug plan rules/wmi_suspicious_consumer.yml': { says: 'never without EventID 21' },
  'winnow debug record Sysmon.evtx --index 12 -r rules': { says: '41830' },
  'winnow debug stages Sysmon.evtx -r rules': { says: /^read and match .* matches$/m },
  'winnow diff old/whoami.yml new/whoami.yml': { says: 'may find more (proven)' },
  'winnow diff old/rules rules goodlogs': { says: '2 added, 0 removed, 7 unchanged, compared on 14 events' },
  'winnow diff old/rules rules --format markdown -o diff.md --force': { says: '| whoami | added |' },
  'winnow diff old/whoami.yml new/whoami.yml --exit-code': { code: 1, says: 'may find more (proven)' },
  'winnow config': { says: 'Nothing is set' },
  'winnow config scan logs': { says: 'project file   none' },
  'winnow config --json': { says: '"kind": "config"' },
  'winnow dump Security.evtx': { says: /^\{"Event":/ },
  'winnow dump logs --event-id 4624 --event-id 4625 -f csv -o logons.csv': { says: ',Security,4625,' },
  "winnow dump logs --channel 'Microsoft-Windows-Sysmon*' --from 2019-05-11 -f xml": { says: '<EventID>20</EventID>' },
  "winnow dump logs --computer 'WKS-*' --to 2026-03-05 -o events.jsonl --force": { says: '"Computer":"WKS-07' },
  'winnow explain rules/whoami.yml Security.evtx': { says: 'Image is "C:\\Windows\\System32\\whoami.exe"' },
  'winnow explain rules/whoami.yml Security.evtx --record 41837': { says: 'true  the rule matches' },
  'winnow explain -r sigma/rules 79aa2218-2851-4fa5-87ee-c5d7b288711b logs': { says: '6 of 39 events are of this log source' },
  'winnow explain rules/wmi_subscription_sequence.yml Sysmon.evtx': { says: 'true  fired once' },
  'winnow explain rules/whoami.yml Security.evtx --index 3 --format json': { says: '"kind": "explain"' },
  'winnow explain rules/whoami.yml logs --near 10 --color --logsources logsources.yml': { says: '\u001b[32mtrue' },
  'winnow lint rules': { says: 'No findings in 9 rules of 9 files.' },
  'winnow lint rules --severity info --sigmahq': { says: 'info author-missing' },
  'winnow lint rules --fix': { says: 'No findings in 9 rules of 9 files.' },
  'winnow lint rules --update-baseline --baseline known.json': { says: 'known.json knows 0 findings' },
  'winnow lint rules --config ci/lint.yml --baseline known.json --fail-on warning --exclude drafts --values values.yml --logsources logsources.yml':
    { says: 'No findings in 9 rules' },
  'winnow lint --changed main rules': { says: 'No findings in 9 rules of 9 files.' },
  'winnow lint --explain contradiction': { says: 'What the rule asks for cannot be true of one event.' },
  'winnow lint --list': { says: /^contradiction +error/m },
  'cat rules/whoami.yml | winnow lint - --stdin-path rules/whoami.yml --rules rules --no-color': {
    says: 'No findings in 1 rule',
  },
  'winnow lint rules --format sarif -o lint.sarif --force': { says: '"version": "2.1.0"' },
  'winnow logons logs': { says: '10.20.4.61' },
  'winnow logons Security.evtx --sessions --from 2019-05-11 --top 5': { says: /^Sessions\n.*length/m },
  'winnow logons logs --user m.haller': { says: 'm.haller' },
  'winnow logons logs -f jsonl': { says: '"kind":"logons"' },
  // The editor of this test goes away at once.
  'winnow lsp': { code: 1, says: '' },
  'winnow lsp -r sigma/rules': { code: 1, says: '' },
  'winnow lsp --stdio --config ci/lint.yml': { code: 1, says: '' },
  'winnow metrics logs': { says: 'logs/Sysmon.jsonl: 29 events' },
  'winnow metrics Security.evtx --top 100': { says: 'longest silence 1 h 11 min' },
  'winnow metrics logs -f jsonl': { says: '"kind":"eventId"' },
  'winnow migrate sigma/rules': { says: '1 rule in 1 file' },
  'winnow migrate sigma/rules --write': { says: '1 rule in 1 file' },
  'winnow migrate sigma/rules --timespan 1h': { says: '1 rule in 1 file' },
  'winnow rules': { says: '8 used of 8 rules' },
  'winnow rules -r sigma/rules --min-level high': { says: 'selected by the filters' },
  "winnow rules -r sigma/rules/windows --tag 'attack.t1546*' -f list": { says: 'wmi_filter_bound.yml' },
  'winnow rules -r sigma/rules -f navigator > layer.json': { says: 'T1546.003' },
  'winnow scan logs --tune tuning.yml': { says: 'tuning    1 match left out' },
  'winnow scan logs --config team.yml': { says: 'settings  team.yml (min-level)' },
  'winnow scan logs --no-config': { says: '4 of 39 events' },
  'winnow scan Security.evtx': { says: '4 of 29 events (' },
  'winnow scan -r sigma/rules/windows C/Windows/System32/winevt/Logs --min-level high': { says: '3 of 29 events (' },
  'winnow scan logs -o report.html': { says: '<!doctype html>' },
  'winnow scan logs --format jsonl | jq -c \'select(.kind == "match") | [.event.TimeCreated, .rule.title]\'': {
    says: '"kind":"match"',
  },
  'winnow scan -r rules logs --fail-on high --quiet': { code: 1, says: '2 incidents on 2 computers' },
  'winnow scan logs --full --color | less -R': { says: '\u001b[1mAlerts' },
  'winnow scan logs --brief --no-color': { says: 'next         without --brief' },
  'winnow scan logs --by host --incident-gap 2h --lookback 30m': { says: /^1 {2}HIGH {2}WKS-07/m },
  "winnow scan logs --from 2026-03-05 --to 2026-03-05 --computer 'WKS-*' --exclude-computer 'SRV-*' --user m.haller --exclude-user svc-backup":
    { says: 'on 1 computer' },
  'winnow scan logs --channel Sysmon --exclude-channel System --event-id 20 --event-id 21 --exclude-event-id 5156': {
    says: '2 of 39 events (',
  },
  "winnow scan logs --path '*Security*' --path '*Sysmon*' --exclude-path '*backup*'": { says: 'read         2 files' },
  "winnow scan -r rules logs --tag 'attack.*' --exclude-tag attack.discovery --rule '*WMI*' --exclude-rule 'Two Of Three*'": {
    says: '4 of 39 events (',
  },
  'winnow scan logs --level medium --level high --status experimental --exclude-status deprecated --exclude-level informational':
    {
      says: 'matched 4 rules',
    },
  'winnow scan logs --id 9efea1bc-da32-4e59-835f-1d43dca53bf5 --exclude-rule 4fc8280b-a862-40c1-8e1b-23fca536836f': {
    says: '3 of 39 events (',
  },
  'winnow scan -r rules logs --values values.yml --logsources logsources.yml --optional-source wmi_activity_5861': {
    says: '9 used of 9',
  },
  'winnow scan evidence.zip --archive-password infected --recover --verify': { says: '4 of 29 events (' },
  'winnow scan logs backup --keep-copies --follow-links --threads 2 --no-cache': { says: '4 of 68 events (' },
  'winnow scan -r rules logs --strict --fail-on-damage --no-progress -o report.jsonl --force': { says: '"kind":"summary"' },
  'winnow search wmic logs': { says: 'record 41829 of logs/Sysmon.jsonl' },
  "winnow search -F 'Image=*\\wmic.exe' logs --from 2019-05-11": { says: 'Image: C:\\Windows\\System32\\wbem\\WMIC.exe' },
  "winnow search -e '[A-Z]:.*[.]cmd' Sysmon.evtx -C 2": { says: 'C:\\ProgramData\\NightlySync\\sync.cmd' },
  'winnow search 127.0.0.1 logs --event-id 4624 -f jsonl': { says: '"found":{"field":"IpAddress","value":"127.0.0.1"}' },
  'winnow search PowerShell logs --case-sensitive --color | less -R': { says: '\u001b[31mPowerShell' },
  'winnow show Sysmon.evtx:41831': { says: 'WmiConsumerEvent' },
  "winnow show 'Security.jsonl:#12'": { says: 'Logon of this session' },
  'winnow show Sysmon.evtx:41831 -f xml': { says: '<EventRecordID>41831</EventRecordID>' },
  'winnow show b7adda0 logs': { says: 'event b7adda0c8393' },
  'winnow show 00e6316 logs -r sigma/rules/windows': { says: 'consumer "NightlySyncRun"' },
  'winnow show 23aee67 disk.E01': { says: /Text +x 4/ },
  'winnow show 00e6316 --report case.html': { says: 'incident 00e631693fe1' },
  'winnow test rules': { says: /^\d+ passed, 0 failed$/m },
  'winnow test rules --coverage --require-tests --min-coverage 50': { says: '9 of 9 rules have a test' },
  'winnow test sigma/regression_data -r sigma/rules': { says: '1 passed, 0 failed' },
  'winnow test rules --baseline goodlogs --max-hits 2': { says: /^\d+ passed, 0 failed$/m },
  'winnow test --init rules/whoami.yml --from attack.evtx --record 41837': { says: "rule: 'whoami.yml'" },
  'winnow test rules --watch': { code: 130, says: /^\d+ passed, 0 failed$/m, endless: true },
  'winnow test rules --mutate': { code: 1, says: '56 of 57 changes of rules noticed' },
  'winnow test rules --run binding': { says: /^\d+ passed, 0 failed$/m },
  'winnow test rules --format junit -o tests.xml --force': { says: 'failures="0"' },
  'winnow test drafts --verbose --pass-with-no-tests': { says: '0 passed, 0 failed' },
  'winnow timeline logs -r sigma/rules/windows': { says: '[same user, logon]' },
  "winnow timeline logs --from 2019-05-11 --computer 'WKS-*' --min-level high": { says: '  HIGH  WKS-07' },
  'winnow timeline logs -o timeline.csv': { says: 'datetime,timestamp,timestamp_desc,data_type,message' },
  "winnow timeline logs --lookback 0 -f jsonl | jq -r '[.datetime, .message] | @tsv'": {
    says: '"message":"m.haller: WMI consumer',
  },
  'winnow triage disk.E01': { says: 'records live 10' },
  'winnow triage disk.E01 --hash --carve -o disk.html': { says: '<!doctype html>' },
  'winnow triage vm.vmdk -r sigma/rules/windows --min-level high --shadow newest': { says: 'VMDK (sparse)' },
  'winnow triage disk.raw --extract found --all-files': { says: 'records live 10' },
};

const WHOAMI = `title: whoami
id: 11111111-2222-4333-8444-555555555555
status: experimental
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\whoami.exe'
    condition: selection
tags:
    - attack.discovery
level: medium
`;

/** A rule of Sigma 1. */
const COUNTS = WHOAMI.replace('title: whoami', 'title: whoami, often')
  .replace('11111111', '21111111')
  .replace('condition: selection', 'condition: selection | count() by User > 5\n    timeframe: 10m');

const WHOAMI_TEST = `rule: whoami.yml
tests:
    - name: whoami.exe matches
      events:
          - Channel: 'Microsoft-Windows-Sysmon/Operational'
            Provider_Name: 'Microsoft-Windows-Sysmon'
            EventID: 1
            Image: 'C:\\Windows\\System32\\whoami.exe'
      match: true
`;

const REGRESSION = `id: 63b16abe-2d5c-4a2f-b0ae-f1bc4580e40c
rule_metadata:
    - id: 142ac16d-809e-47e8-a314-83b3cffb4bbd
      title: Detect WMI Event Filter Creation via Sysmon Event 21
regression_tests_info:
    - name: Positive Detection Test
      type: json
      match_count: 1
      path: regression_data/x.jsonl
`;

const home = process.cwd();
const world = temporaryFolder();
const LOG = readFileSync(join(projectRoot, 'fixtures/wmi-subscription.jsonl'));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(join(world, path, '..'), { recursive: true });
  writeFileSync(join(world, path), content);
}

const git = (...args: string[]) =>
  spawnSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.invalid', ...args], { cwd: world, encoding: 'utf8' });

beforeAll(async () => {
  const shipped = join(projectRoot, 'rules');
  for (const folder of ['rules', 'sigma/rules/windows', 'old/rules']) cpSync(shipped, join(world, folder), { recursive: true });
  rmSync(join(world, 'old/rules/wmi_filter_bound.yml'));
  for (const path of ['rules/whoami.yml', 'old/whoami.yml']) put(path, WHOAMI);
  put('rules/whoami.test.yml', WHOAMI_TEST);
  put('sigma/rules/counts.yml', COUNTS);
  put('tuning.yml', '- {rule: wmi_native_binding.yml, off: true, reason: the agent of the inventory}\n');
  put('team.yml', 'scan: {min-level: high}\n');
  for (const folder of ['fixtures', 'sigma/fixtures', 'old/fixtures'])
    cpSync(join(projectRoot, 'fixtures'), join(world, folder), { recursive: true });
  put('sigma/regression_data/x.jsonl', LOG);
  put('sigma/regression_data/info.yml', REGRESSION);
  put('new/whoami.yml', WHOAMI.replace('endswith: ', 'contains: '));
  for (const path of [
    'Security.evtx',
    'Sysmon.evtx',
    'Security.jsonl',
    'attack.evtx',
    'logs/Sysmon.jsonl',
    'backup/Sysmon.jsonl',
  ])
    put(path, LOG);
  put('C/Windows/System32/winevt/Logs/Sysmon.evtx', LOG);
  put('logs/Security.xml', readFileSync(join(projectRoot, 'fixtures/security.xml')));
  put('goodlogs/benign.xml', readFileSync(join(projectRoot, 'fixtures/benign.xml')));
  put('evidence.zip', zipOf([{ name: 'Sysmon.jsonl', content: LOG.toString() }]));
  put('values.yml', 'admins: [alice]\n');
  put('logsources.yml', '{}\n');
  put('ci/lint.yml', 'rules: {}\n');
  put('drafts/README.md', 'none yet\n');
  const disk = gptDisk([makeVolume([{ path: '\\Windows\\System32\\winevt\\Logs\\Sysmon.evtx', data: madeLog('x') }]).bytes]);
  put('disk.raw', disk);
  for (const [name, bytes] of ewf(disk, 1, createHash('md5').update(disk).digest())) put(name.replace(/^[^.]*/, 'disk'), bytes);
  for (const [name, bytes] of vmdk(disk, false)) put(name.replace(/^[^.]*/, 'vm'), bytes);
  git('init', '-q', '-b', 'main');
  git('add', 'old');
  git('commit', '-q', '-m', 'x');
  process.chdir(world);
  await runWinnow(['scan', '--no-cache', '-q', 'logs', '-o', 'case.html']);
});
afterAll(() => process.chdir(home));

/** The words of a shell: quotes are taken away. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** What of a line is winnow's, and the file that is piped into it. */
function parsed(line: string): { readonly argv: readonly string[]; readonly input: string | undefined } {
  const [, own = ''] = /\bwinnow (.*?)(?: \| .*| > .*|\)".*)?$/.exec(line) ?? [];
  return { argv: words(own), input: /^cat (\S+) \| /.exec(line)?.[1] };
}

/** After so long, Ctrl-C. */
const ENDLESS_MS = 3000;

describe.each(commands.map((command): [string, Command] => [command.name, command]))('winnow %s', (_, command) => {
  it.each(command.examples.map(({ line }) => line))('%s', async (line) => {
    const expected = EXPECTED[line];
    expect(expected, 'add it to EXPECTED').toBeDefined();
    const { argv, input } = parsed(line);
    expect(argv[0]).toBe(command.name);
    const env = { XDG_CACHE_HOME: join(world, 'cache'), LOCALAPPDATA: join(world, 'cache') };
    const { code, out, err } = await runWinnow(argv, {
      env,
      ...(expected!.endless === true ? { signal: AbortSignal.timeout(ENDLESS_MS) } : {}),
      ...(input === undefined ? {} : { stdin: readFileSync(input, 'utf8') }),
    });
    const at = argv.indexOf('-o');
    const text = at < 0 ? out : readFileSync(argv[at + 1]!, 'utf8');
    expect(text + err).toMatch(expected!.says);
    expect(code).toBe(expected!.code ?? 0);
  });
});

describe('the examples', () => {
  it('are those of the verbs', () => {
    const lines = commands.flatMap(({ examples }) => examples.map(({ line }) => line));
    expect(lines.sort()).toEqual(Object.keys(EXPECTED).sort());
  });
});

describe('every flag', () => {
  const used = new Set(
    commands.flatMap((command) =>
      command.examples.flatMap(({ line }) => {
        const given = parsed(line).argv.map((word) => word.replace(/=.*/, ''));
        return Object.entries(command.flags)
          .filter(([key, { short }]) => given.some((word) => word === `--${longName(key)}` || word === `-${short}`))
          .map(([, flag]) => flag);
      }),
    ),
  );
  it.each(commands.map((command): [string, Command] => [command.name, command]))(
    'of winnow %s is in an example',
    (_, command) => {
      // Verbs that take the flags of another need not show them again.
      const without = Object.entries(command.flags).filter(([, flag]) => !used.has(flag));
      expect(without.map(([key]) => `--${longName(key)}`)).toEqual([]);
    },
  );
});
