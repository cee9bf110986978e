/** An example text for each code of the rule parser. `docs/lint/` shows it, and a test checks that the code is reported. */
import { correlationText, detectionText, filterText, indented, ruleText, selectionText } from './examples.ts';

export interface ParserExample {
  /** The code without its area. */
  readonly code: string;
  readonly text: string;
}

function condition(text: string): string {
  return detectionText(`selection:\n    Image|endswith: '\\whoami.exe'\ncondition: ${text}`);
}

function correlation(body: string): string {
  return correlationText(`correlation:\n${indented(body)}`);
}

const COUNT = 'type: event_count\nrules:\n    - whoami\ngroup-by:\n    - Computer\ntimespan: 10m\ncondition:\n    gte: 5';

/** Two documents that take their id from a global one. */
const SHARED_ID = `action: global\n${ruleText()}---\nfields: [Image]\n---\nfields: [CommandLine]\n`;

export const parserExamples: readonly ParserExample[] = [
  { code: 'action', text: ruleText('action: repeated') },
  { code: 'aggregation', text: condition('selection | count() by Computer > 5') },
  { code: 'all-single', text: selectionText("CommandLine|contains|all: 'whoami'") },
  { code: 'ambiguous-rule', text: `${ruleText('name: whoami')}---\n${correlationText()}` },
  { code: 'cidr', text: selectionText("SourceIp|cidr: '10.0.0.0/64'") },
  { code: 'cidr-host-bits', text: selectionText("SourceIp|cidr: '10.0.0.1/8'") },
  { code: 'condition', text: condition('selection and') },
  { code: 'correlation', text: correlation(COUNT.replace('event_count', 'event_counts')) },
  { code: 'dangling-selector', text: condition('1 of filter_*') },
  { code: 'duplicate-key', text: selectionText("Image|endswith: 'a'\nImage|endswith: 'b'") },
  { code: 'empty-file', text: '# A rule will stand here.\n' },
  { code: 'empty-list', text: selectionText('Image: []') },
  { code: 'empty-selection', text: detectionText('selection: {}\ncondition: selection') },
  { code: 'exists-text', text: selectionText("Image|exists: 'true'") },
  {
    code: 'filter',
    text: filterText("filter:\n    rules: []\n    selection:\n        Image: 'a'\n    condition: not selection"),
  },
  {
    code: 'filter-condition',
    text: filterText(
      "filter:\n    rules:\n        - 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\n    selection:\n        Image: 'a'\n    condition: selection",
    ),
  },
  {
    code: 'filter-without-rule',
    text: filterText(
      "filter:\n    rules:\n        - no_such_rule\n    selection:\n        Image: 'a'\n    condition: not selection",
    ),
  },
  { code: 'keyword', text: detectionText('selection:\n    - null\ncondition: selection') },
  { code: 'kind', text: ruleText(`correlation:\n    ${COUNT.replaceAll('\n', '\n    ')}`) },
  { code: 'level-case', text: ruleText('level: High') },
  { code: 'metadata', text: ruleText('falsepositives:\n    - Support: remote sessions') },
  { code: 'no-condition', text: ruleText("detection:\n    selection:\n        Image: 'a'") },
  { code: 'no-detection', text: ruleText('-detection') },
  { code: 'no-logsource', text: ruleText('-logsource') },
  { code: 'no-selection', text: ruleText('detection:\n    condition: selection') },
  { code: 'no-title', text: ruleText('-title') },
  { code: 'null-in-list', text: selectionText('Image:\n    - null\n    - a') },
  { code: 'number-base', text: selectionText('EventID: 0x10') },
  { code: 'number-text', text: selectionText("ProcessId|gt: '5'") },
  { code: 'operator-case', text: condition('selection AND not selection') },
  { code: 'placeholder', text: selectionText("User|expand: '%Administrators%'") },
  { code: 'refused-rule', text: correlationText().replace('condition: selection', 'condition: selection or') },
  { code: 'regex', text: selectionText("CommandLine|re: 'whoami('") },
  {
    code: 'rule-cycle',
    text: correlationText('name: again', `correlation:\n    ${COUNT.replace('- whoami', '- again').replaceAll('\n', '\n    ')}`),
  },
  { code: 'shared-id', text: SHARED_ID },
  { code: 'taxonomy', text: ruleText('taxonomy: ecs') },
  {
    code: 'timeframe',
    text: detectionText("selection:\n    Image|endswith: '\\whoami.exe'\ntimeframe: 5m\ncondition: selection"),
  },
  { code: 'timespan', text: correlation(COUNT.replace('10m', 'ten minutes')) },
  { code: 'timespan-unit', text: correlation(COUNT.replace('10m', '10M')) },
  { code: 'too-large', text: selectionText(`CommandLine|windash: '${' -a'.repeat(40)}'`) },
  { code: 'type', text: ruleText('logsource: windows') },
  { code: 'unknown-level', text: ruleText('level: severe') },
  { code: 'unknown-modifier', text: selectionText("CommandLine|contians: 'whoami'") },
  { code: 'unknown-rule', text: correlation(COUNT.replace('- whoami', '- whoami_exe')) },
  { code: 'unknown-selection', text: condition('selections') },
  { code: 'unknown-status', text: ruleText('status: testing') },
  { code: 'unused-global', text: SHARED_ID },
  { code: 'value-type', text: selectionText('Image: {a: b}') },
  { code: 'yaml', text: 'title: [Whoami' },
];

/** Codes that are left to lint rules such as `all-with-single-value`, which explain and correct the fault. */
export const SAID_BY_LINT: ReadonlySet<string> = new Set([
  'rule/all-single',
  'rule/filter-condition',
  'rule/metadata',
  'rule/unknown-level',
  'rule/unknown-status',
]);

/** Codes about files instead of rule text: a file that cannot be read, a file of values. */
export const NOT_OF_RULE_TEXT: ReadonlySet<string> = new Set(['foreign', 'link', 'unreadable', 'values']);
