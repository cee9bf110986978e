/** The machinery around the lint rules: places, suppressions, configuration, corrections. */
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../src/lint/catalog.ts';
import { parseLintConfig } from '../../src/lint/config.ts';
import { detection, ruleText } from '../../src/lint/examples.ts';
import { applyFixes } from '../../src/lint/fix.ts';
import { type LintFinding, type LintOptions, lintTexts } from '../../src/lint/lint.ts';
import { ruleFormula } from '../../src/lint/logic/formula.ts';
import { Prover } from '../../src/lint/logic/proof.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';

function lint(text: string, options: LintOptions = {}, path = 'rules/a.yml'): readonly LintFinding[] {
  return lintTexts([{ path, text }], options).findings;
}

function codes(text: string, options: LintOptions = {}): readonly string[] {
  return lint(text, options).map((finding) => finding.code);
}

const DUPLICATE_TAG = 'tags:\n    - attack.t1033\n    - attack.discovery\n    - attack.t1033';

describe("the labels of the brief's rules", () => {
  const binding = detection(`selection:
    EventID: 21
    Operation: Created
    Consumer|contains:
        - CommandLineEventConsumer
        - ActiveScriptEventConsumer
condition: selection`);

  it.each([
    ['process_creation', '1, 4688'],
    ['file_event', '11'],
  ])('category %s for event 21 can never match, and lint says which category can', (category, ids) => {
    const text = ruleText(`logsource:\n    product: windows\n    category: ${category}`, binding);
    expect(lint(text).map(formatDiagnostic)).toEqual([
      `rules/a.yml:17:18 error event-id-outside-log-source: category "${category}" has no event with EventID 21, so the rule can never match. It stands for EventID ${ids}. Event 21 belongs to \`category: wmi_event\`.`,
    ]);
  });

  it('category wmi_event is in order', () => {
    expect(codes(ruleText('logsource:\n    product: windows\n    category: wmi_event', binding))).toEqual([]);
  });
});

describe('errors of the parser', () => {
  it('are reported with file, line and column, and the rest of the document is still looked at', () => {
    const text = ruleText(
      DUPLICATE_TAG,
      detection(`selection:
    Image|contians: 'whoami'
condition: selection`),
    );
    expect(lint(text).map(({ code, severity, place }) => [code, severity, place.line, place.column])).toEqual([
      ['duplicate-tag', 'warning', 12, 7],
      ['rule/unknown-modifier', 'error', 18, 15],
    ]);
  });

  it('count as refused, but for placeholders whose values are kept elsewhere', () => {
    const broken = lintTexts([{ path: 'a.yml', text: ruleText('-title') }]);
    const placeholder = lintTexts([
      {
        path: 'a.yml',
        text: ruleText(detection("selection:\n    User|expand: '%Admins%'\ncondition: selection")),
      },
    ]);
    expect([broken.refused, placeholder.refused]).toEqual([1, 0]);
    expect(placeholder.findings.map(({ code, severity }) => [code, severity])).toEqual([['rule/placeholder', 'info']]);
  });

  it('cannot be suppressed: the rule would still be unusable', () => {
    const text = `# winnow-disable rule/no-title\n${ruleText('-title')}`;
    expect(codes(text)).toContain('rule/no-title');
  });

  it('text that is no YAML is one finding', () => {
    expect(codes('title: [')).toEqual(['rule/yaml']);
  });
});

describe('documents of a collection', () => {
  it('are not told to have what the global document gives them', () => {
    const text = `action: global\ntitle: T\nid: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\nlevel: low\n---\nlogsource: {product: windows, category: process_creation}\ndetection: {sel: {Image|endswith: a}, condition: sel}\n`;
    expect(codes(text)).toEqual([]);
  });
});

describe('suppressions', () => {
  it('silence the next line, their own line or the whole file', () => {
    const next =
      'tags:\n    - attack.t1033\n    - attack.discovery\n    # winnow-disable-next-line duplicate-tag\n    - attack.t1033';
    const own = `${DUPLICATE_TAG} # winnow-disable-line duplicate-tag -- said twice on purpose`;
    expect([
      codes(ruleText(next)),
      codes(ruleText(own)),
      codes(`# winnow-disable duplicate-tag\n${ruleText(DUPLICATE_TAG)}`),
    ]).toEqual([[], [], []]);
  });

  it('take the names of pySigma', () => {
    expect(codes(`# winnow-disable duplicate_tag\n${ruleText(DUPLICATE_TAG)}`)).toEqual([]);
    expect(codes(`# winnow-disable DuplicateTagValidator\n${ruleText(DUPLICATE_TAG)}`)).toEqual([]);
  });

  it('that silence nothing, or name nothing, are reported where they stand', () => {
    const text = `# winnow-disable duplicate-tag, no-such-thing\n${ruleText()}`;
    expect(lint(text).map(formatDiagnostic)).toEqual([
      'rules/a.yml:1:18 warning unused-suppression: "duplicate-tag" has nothing to suppress here. Remove it.',
      'rules/a.yml:1:33 warning unknown-suppression: "no-such-thing" is no lint rule.',
    ]);
  });

  it('of a line do not reach another line', () => {
    const text = ruleText(`# winnow-disable-next-line duplicate-tag\n${DUPLICATE_TAG}`);
    expect(codes(text)).toEqual(['unused-suppression', 'duplicate-tag']);
  });
});

describe('configuration', () => {
  const config = (text: string) => ({ config: parseLintConfig(text, '/repo/.winnow.yml') });

  it('switches lint rules off and changes their severity', () => {
    expect(codes(ruleText(DUPLICATE_TAG), config('lint:\n  rules:\n    duplicate-tag: off\n'))).toEqual([]);
    const [finding] = lint(ruleText(DUPLICATE_TAG), config('lint:\n  rules:\n    duplicate_tag: error\n'));
    expect(finding?.severity).toBe('error');
  });

  it('leaves findings out by path, lint rule and rule id, and reports entries that leave nothing out', () => {
    const ignore = 'lint:\n  ignore:\n    - paths: ["old/**"]\n      rules: [duplicate-tag]\n';
    const [inside, outside] = ['/repo/old/x/a.yml', '/repo/new/a.yml'].map((path) =>
      lint(ruleText(DUPLICATE_TAG), config(ignore), path).map(formatDiagnostic),
    );
    expect(inside).toEqual([]);
    // Of a folder that was not looked at nothing can be said.
    expect(outside).toEqual(['/repo/new/a.yml:12:7 warning duplicate-tag: the tag "attack.t1033" is listed twice.']);
    expect(lint(ruleText(), config(ignore), '/repo/old/x/a.yml').map(formatDiagnostic)).toEqual([
      '/repo/.winnow.yml:3:1 warning unused-suppression: this entry leaves nothing out. Remove it.',
    ]);
  });

  it('reads the exclusions of a validator configuration of pySigma', () => {
    const pySigma =
      'validators:\n  - all\n  - -tlptag\nexclusions:\n  5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60:\n    - duplicate_tag\n    - some_other_validator\n';
    expect(codes(ruleText(DUPLICATE_TAG), config(pySigma)).filter((code) => code !== 'file-name')).toEqual([]);
  });

  it.each([
    [
      'lint:\n  rules:\n    duplicate-tags: off\n',
      '/repo/.winnow.yml:3:5 "duplicate-tags" is no lint rule. Did you mean "duplicate-tag"?',
    ],
    [
      'lint:\n  rules:\n    duplicate-tag: loud\n',
      '/repo/.winnow.yml:3:20 "duplicate-tag" must be one of error, warning, info, off.',
    ],
    ['lint:\n  ruls: {}\n', '/repo/.winnow.yml:2:3 "ruls" is no setting of lint. Did you mean "rules"?'],
    ['lint: [', '/repo/.winnow.yml:1:8 not valid YAML: unexpected end of the stream within a flow collection.'],
  ])('refuses what it does not understand: %j', (text, message) => {
    expect(() => parseLintConfig(text, '/repo/.winnow.yml')).toThrow(message);
  });

  it('asks for the conventions of SigmaHQ when it says so', () => {
    const text = ruleText('title: Detects whoami.');
    expect(codes(text)).toEqual([]);
    expect(
      codes(text, config('lint:\n  conventions: sigmahq\n')).filter((code) => code === 'title-style').length,
    ).toBeGreaterThan(0);
  });
});

describe('corrections', () => {
  const correctable = lintRules.flatMap((rule) => (typeof rule.avoid === 'string' ? [{ id: rule.id, text: rule.avoid }] : []));
  const severities = new Map(lintRules.map((rule) => [rule.id, rule.severity] as const));
  const all = { config: { ...parseLintConfig('', ''), severities } };

  function corrected(text: string): ReturnType<typeof applyFixes> {
    return applyFixes(
      text,
      lint(text, all).flatMap((finding) => (finding.fix === undefined ? [] : [finding.fix])),
    );
  }

  it.each(correctable)('of $id remove what they were offered for and leave what the rule matches', ({ id, text }) => {
    const { text: after, applied } = corrected(text);
    const own = lint(text, all).filter((finding) => finding.code === id && finding.fix !== undefined);
    if (own.length === 0 || applied.length === 0) return;
    expect(lint(after, all).filter((finding) => finding.code === id && finding.fix !== undefined)).toEqual([]);
    const prover = new Prover(() => false);
    const [before, now] = [text, after].map((one) => parseRules(one, 'a.yml').rules[0]);
    if (before?.kind !== 'detection' || now?.kind !== 'detection') return;
    expect(prover.implies(ruleFormula(before), ruleFormula(now))).toBe(true);
    expect(prover.implies(ruleFormula(now), ruleFormula(before))).toBe(true);
  });

  it.each([
    ['.*who\\s+ami', 'start'],
    ['.*?who\\s+ami', 'start'],
    ['who\\s+ami.*', 'end'],
    ['.*who\\s+ami.*', 'start and the end'],
  ])('leave %s to the author, because some backends compare expressions with whole values', (expression, ends) => {
    const text = ruleText(detection(`selection:\n    CommandLine|re: '${expression}'\ncondition: selection`));
    const found = lint(text);
    expect(found.map(({ code, message, fix }) => [code, message, fix])).toEqual([
      [
        'regex-idle-ends',
        `".*" at the ${ends} of the expression does nothing, because it is searched anywhere in the value.`,
        undefined,
      ],
    ]);
    expect(found[0]!.hint).toContain('Lucene');
    expect(corrected(text).text).toBe(text);
  });

  it('take nothing away because of an empty text, which is the fault itself', () => {
    const text = ruleText(
      detection(
        "selection:\n    Image|endswith: '\\whoami.exe'\n    CommandLine|contains:\n        - 'priv'\n        - ''\ncondition: selection",
      ),
    );
    expect(lint(text).map(({ code }) => code)).toEqual(['value-always-true']);
    expect(corrected(text).text).toBe(text);
  });

  it('exist for at least ten lint rules', () => {
    const ids = new Set(
      correctable.flatMap(({ text }) => lint(text, all).flatMap((finding) => (finding.fix === undefined ? [] : [finding.code]))),
    );
    expect([...ids].length).toBeGreaterThanOrEqual(10);
  });

  it('keep comments, quotes and everything else as it was', () => {
    const text = ruleText(
      'date: 2026/01/15 # the day it was written',
      detection(`selection:
    # what it starts
    Image|endswith: # by name
        - '\\whoami.exe'
        - "\\\\WHOAMI.exe"
        - '\\quser.exe' # and who else is there
condition: selection`),
    );
    expect(corrected(text).text).toBe(text.replace('2026/01/15', '2026-01-15').replace('            - "\\\\WHOAMI.exe"\n', ''));
  });

  it('are not offered where text serves two places', () => {
    const aliased = ruleText(
      detection(`selection:
    Image|endswith: &names
        - '\\whoami.exe'
        - '\\WHOAMI.exe'
    OriginalFileName|cased: *names
condition: selection`),
    );
    const found = lint(aliased, all).filter((finding) => finding.code === 'duplicate-value');
    expect(found.map((finding) => finding.fix)).toEqual([undefined]);
  });

  it('make no key that is there already', () => {
    const text = ruleText(
      detection("selection:\n    CommandLine|contains|all: 'a'\n    CommandLine|contains: 'b'\ncondition: selection"),
    );
    expect(
      lint(text, all)
        .filter((finding) => finding.code === 'all-with-single-value')
        .map((finding) => finding.fix),
    ).toEqual([undefined]);
  });

  it('that overlap are made one after the other', () => {
    const fix = (start: number, end: number, replacement: string) => ({ title: '', edits: [{ start, end, text: replacement }] });
    expect(applyFixes('abcdef', [fix(0, 2, 'X'), fix(1, 3, 'Y'), fix(4, 5, '')])).toEqual({
      text: 'Xcdf',
      applied: [fix(0, 2, 'X'), fix(4, 5, '')],
    });
  });
});

describe('what is proven without an event', () => {
  const rule = (selections: string) => ruleText(detection(selections));

  it.each([
    [
      'a number above and below',
      'a:\n    TerminalSessionId|gt: 10\nb:\n    TerminalSessionId|lte: 10\ncondition: a and b',
      'contradiction',
    ],
    ['two EventIDs', 'a:\n    EventID: 1\nb:\n    EventID: 4688\ncondition: all of them', 'contradiction'],
    ['absent and present', "a:\n    Image: null\nb:\n    Image|endswith: 'x'\ncondition: a and b", 'contradiction'],
    ['two beginnings', "a:\n    Image|startswith: 'C:\\'\nb:\n    Image|startswith: 'D:\\'\ncondition: a and b", 'contradiction'],
    [
      'a filter as wide as the selection',
      "a:\n    Image|endswith: ['\\a.exe', '\\b.exe']\nb:\n    Image|endswith: ['a.exe', 'b.exe']\ncondition: a and not b",
      'filter-covers-selection',
    ],
    [
      'a filter that takes one value',
      "a:\n    Image|endswith: ['\\a.exe', '\\b.exe']\nb:\n    Image|contains: '\\b.'\ncondition: a and not b",
      'dead-alternative',
    ],
  ])('%s', (_, selections, id) => {
    expect(codes(rule(selections))).toContain(id);
  });

  it.each([
    [
      'values of a field that may be computed',
      'a:\n    IntegrityLevel: High\nb:\n    IntegrityLevel: S-1-16-12288\ncondition: a and b',
    ],
    ['unnamed data', 'a:\n    Data: x\nb:\n    Data: y\ncondition: a and b'],
    ['alternatives', "a:\n    Image: null\nb:\n    Image|endswith: 'x'\ncondition: a or b"],
    ['a filter on another field', "a:\n    Image|endswith: 'x'\nb:\n    CommandLine|contains: 'x'\ncondition: a and not b"],
    ['case that matters', "a:\n    Image|endswith: 'x'\nb:\n    Image|endswith|cased: 'x'\ncondition: a and not b"],
  ])('nothing is claimed of %s', (_, selections) => {
    expect(
      codes(rule(selections)).filter((code) => ['contradiction', 'filter-covers-selection', 'dead-alternative'].includes(code)),
    ).toEqual([]);
  });
});

describe('fields that the events of a rule do not have', () => {
  const sysmon = (body: string) => ruleText('logsource:\n    product: windows\n    service: sysmon', detection(body));

  it('are told by the EventID that the rule asks for', () => {
    expect(
      lint(sysmon("selection:\n    EventID: 21\n    Query|contains: 'x'\ncondition: selection")).map(formatDiagnostic),
    ).toContain(
      'rules/a.yml:18:9 error field-not-in-log-source: events with EventID 21 have no field "Query", so the rule can never match.',
    );
  });

  it('may be split over events of which none has them all', () => {
    const found = lint(
      sysmon(
        "selection:\n    EventID: [20, 21]\n    Destination|contains: 'x'\n    Consumer|contains: 'y'\ncondition: selection",
      ),
    );
    expect(found.map(formatDiagnostic)).toContain(
      'rules/a.yml:20:16 error field-not-in-log-source: no event has all the fields that the condition asks for at once, so the rule can never match. EventID 20 has Name, Type, Destination; 21 has Consumer, Filter.',
    );
  });

  it('are not claimed of events of which only samples are known', () => {
    const security = ruleText(
      'logsource:\n    product: windows\n    service: security',
      detection("selection:\n    EventID: 5156\n    FilterOrigin: 'x'\ncondition: selection"),
    );
    expect(codes(security)).toEqual([]);
  });
});

describe('hostile rule files', () => {
  it('take time in proportion to their size', () => {
    const many = (item: string, n: number) => Array.from({ length: n }, (_, i) => item.replaceAll('#', String(i))).join('\n');
    const texts = [
      ruleText(`references:\n${many('    - https://example.org', 50_000)}`),
      ruleText(detection(`selection:\n    Image|endswith:\n${many("        - 'a'", 50_000)}\ncondition: selection`)),
      ruleText(
        detection(
          `selection:\n    Image|contains:\n${many("        - 'a#'", 20_000)}\nfilter:\n    Image|contains:\n${many("        - 'a#'", 20_000)}\ncondition: selection and not filter`,
        ),
      ),
      ruleText(detection(`${many("s#:\n    Image|contains: 'a#'", 3000)}\ncondition: all of s* and not 1 of s1*`)),
    ];
    for (const text of texts) {
      const started = performance.now();
      lint(text);
      expect(performance.now() - started).toBeLessThan(20_000);
    }
  });

  it('that say the same many times are compared with a few, not with all', () => {
    const copies = Array.from({ length: 300 }, () => ruleText());
    const pairs = lint(copies.join('---\n')).filter(({ code }) => code === 'duplicate-rule' || code === 'subsumed-rule');
    expect(pairs.length).toBeGreaterThanOrEqual(299);
    expect(pairs.length).toBeLessThanOrEqual(8 * 300);
  });

  it('give findings, not exceptions', () => {
    const hostile = [
      '',
      '---\n---\n',
      'a: &a [*a]',
      '- 1\n- 2\n',
      'title: {a: b}\ndetection: [1]\n',
      `title: x\ndetection:\n  ${'a: {'.repeat(80)}`,
      'title: x\nlogsource: {product: windows}\ndetection: {sel: {__proto__: 1, constructor: 2}, condition: sel}\n',
      'title: x\ncorrelation: null\nfilter: null\ndetection: null\n',
      `title: x\nlogsource: {product: windows}\ndetection:\n  sel:\n    F|re: ${'(a+)+'.repeat(40)}\n  condition: sel\n`,
      'exclusions: !!js/function "x"',
    ];
    for (const text of hostile) expect(() => lint(text)).not.toThrow();
  });
});
