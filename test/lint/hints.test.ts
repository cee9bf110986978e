/** What a finding says is right of the rule that it is about, and leads to the mend. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detection, ruleText } from '../../src/lint/examples.ts';
import { lintTexts } from '../../src/lint/lint.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';

function lint(...blocks: readonly string[]) {
  return lintTexts([{ path: 'a.yml', text: ruleText(...blocks) }]).findings.map(({ code, severity, message, hint }) =>
    `${severity} ${code}: ${message} ${hint ?? ''}`.trim(),
  );
}

const item = (text: string) => detection(`selection:\n    ${text}\ncondition: selection`);
const CONNECTION = 'logsource:\n    category: network_connection\n    product: windows';
const SECURITY = 'logsource:\n    service: security\n    product: windows';

describe('a star below a modifier', () => {
  it('that opens the other end makes it `contains`, and the hint says so', () => {
    expect(lint(item("Image|endswith: '\\whoami.exe*'"))).toEqual([
      'info wildcards-instead-of-modifier: with its star "\\whoami.exe*" may stand anywhere, whatever "endswith" says. Write `Image|contains` and leave the star out.',
    ]);
    expect(lint(item("Image|startswith: '*\\whoami.exe'"))[0]).toContain('Write `Image|contains`');
  });

  it('that is there already does nothing', () => {
    expect(lint(item("CommandLine|contains: '*whoami*'"))).toEqual([
      'info wildcards-instead-of-modifier: the star at an end of "*whoami*" does nothing below "contains". Leave it out.',
    ]);
  });
});

describe('a field that the events do not have', () => {
  it('is not taken for a misspelt one when a word of its name is another', () => {
    const found = lint(item("TargetFilename|endswith: 'a'"));
    expect(found).toEqual([expect.stringMatching(/no field "TargetFilename", so the rule can never match\.$/)]);
  });
});

describe('a rule for a source that is off unless asked for', () => {
  const selection = detection("selection:\n    EventID: 5156\n    Protocol: '6'\n    DestPort: 135\ncondition: selection");

  it('is a warning that names the flag, and the raw value is no impossible one', () => {
    expect(lint(CONNECTION, selection).filter((one) => one.includes('warning'))).toEqual([
      'warning needs-optional-source: the rule can only match events of security_5156, which is off unless asked for. Run it with --optional-source security_5156, or write `service: security` for the category.',
    ]);
  });

  it('matches with that flag, for the number as for the name', async () => {
    const event =
      '{"Channel":"Security","EventID":5156,"Provider_Name":"Microsoft-Windows-Security-Auditing","Protocol":6,"DestPort":"135"}\n';
    for (const protocol of ['6', 'tcp']) {
      const rule = ruleText(CONNECTION, selection.replace("'6'", `'${protocol}'`));
      const folder = folderWith({ 'r.yml': rule, 'log.jsonl': event });
      const run = await runWinnow(['explain', 'r.yml', 'log.jsonl', '--optional-source', 'security_5156', '-f', 'json'], {
        cwd: folder,
      });
      expect(JSON.parse(run.out).explanations[0].matched).toBe(1);
    }
  });
});

describe('a value that the field never holds', () => {
  it('is an error where the rule wants nothing else', () => {
    expect(lint(CONNECTION, item("Initiated: 'yes'"))).toEqual([
      'error impossible-value: "Initiated" is true or false, so it never holds "yes".',
    ]);
  });

  it('is a warning where other values stand beside it', () => {
    expect(lint(CONNECTION, item("Initiated: ['yes', 'true']"))[0]).toContain('warning impossible-value');
  });

  it('is none where the event log service names other logs in its events', () => {
    const cleared = detection('selection:\n    EventID: 104\n    Channel: Security\ncondition: selection');
    expect(lint('logsource:\n    service: system\n    product: windows', cleared)).toEqual([]);
    expect(lint(SECURITY, detection('selection:\n    EventID: 1105\n    Channel: Security\ncondition: selection'))).toEqual([]);
  });
});

describe('a digest without its name', () => {
  const digest = "'12500F6C87CE62712A0ED6652C57468D15C14223'";
  it('is one only where the whole field is compared with it', () => {
    expect(lint(item(`Hashes|contains: ${digest}`)).filter((one) => one.includes('hash-format'))).toEqual([]);
    expect(lint(item(`Hashes: ${digest}`)).join('\n')).toContain('the digest stands without its name');
  });
});

describe('documents that are no Sigma rules', () => {
  const chainsaw = 'title: Chainsaw rule\nauthors:\n    - A\nkind: evtx\nlevel: high\nfilter:\n    condition: a\n';
  const configMap = 'apiVersion: v1\nkind: ConfigMap\ndata:\n    key: value\n';

  it('keep every byte under --fix, also beside a rule in one file', async () => {
    const both = `${ruleText('date: 2026/01/15')}---\n${configMap}`;
    const folder = folderWith({ 'chainsaw.yml': chainsaw, 'map.yaml': configMap, 'both.yml': both });
    const run = await runWinnow(['lint', '.', '--fix'], { cwd: folder });
    expect(readFileSync(join(folder, 'chainsaw.yml'), 'utf8')).toBe(chainsaw);
    expect(readFileSync(join(folder, 'map.yaml'), 'utf8')).toBe(configMap);
    expect(readFileSync(join(folder, 'both.yml'), 'utf8')).toBe(both.replace('2026/01/15', '2026-01-15'));
    expect(run.err).toContain('2 YAML files are no Sigma rules');
  });
});
