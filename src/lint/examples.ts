/** Makes rule texts for the examples of lint rules: a rule without any finding, in which some keys are replaced. */

const RULE: Readonly<Record<string, string>> = {
  title: 'title: Whoami Execution',
  id: 'id: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60',
  status: 'status: experimental',
  description: 'description: Somebody asks who he is, as attackers do right after they got in.',
  references: 'references:\n    - https://example.org/reports/whoami',
  author: 'author: Ada Example',
  date: 'date: 2026-01-15',
  tags: 'tags:\n    - attack.discovery\n    - attack.t1033',
  logsource: 'logsource:\n    category: process_creation\n    product: windows',
  detection: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
  falsepositives: 'falsepositives:\n    - Administrators who check a session',
  level: 'level: low',
};

const CORRELATION: Readonly<Record<string, string>> = {
  title: 'title: Many Whoami Executions',
  id: 'id: 0b8f3c52-41d7-4e6a-8c29-7d5e6f7a8b90',
  status: 'status: experimental',
  description: 'description: Somebody asks who he is again and again on one computer.',
  references: 'references:\n    - https://example.org/reports/whoami',
  author: 'author: Ada Example',
  date: 'date: 2026-01-15',
  tags: 'tags:\n    - attack.discovery\n    - attack.t1033',
  correlation:
    'correlation:\n    type: event_count\n    rules:\n        - whoami\n    group-by:\n        - Computer\n    timespan: 10m\n    condition:\n        gte: 5',
  falsepositives: 'falsepositives:\n    - Administrators who check a session',
  level: 'level: medium',
};

const FILTER: Readonly<Record<string, string>> = {
  title: 'title: Whoami By The Inventory Agent',
  id: 'id: 9d1e2f30-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  description: 'description: The inventory agent runs whoami every hour.',
  date: 'date: 2026-01-15',
  logsource: 'logsource:\n    category: process_creation\n    product: windows',
  filter:
    "filter:\n    rules:\n        - 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\n    selection:\n        ParentImage|endswith: '\\agent.exe'\n    condition: not selection",
};

/**
 * The text of a whole rule. Each block is a top-level key with its value (`level: high`). It replaces the key, or is added.
 * `-level` removes the key.
 */
export function ruleText(...blocks: readonly string[]): string {
  return assemble(RULE, blocks);
}

/** A rule with this detection section, selections and a condition; the blocks are as in {@link ruleText}. */
export function detectionText(body: string, ...blocks: readonly string[]): string {
  return ruleText(...blocks, detection(body));
}

/** A rule of one selection with these items. */
export function selectionText(items: string, ...blocks: readonly string[]): string {
  return detectionText(`selection:\n${indented(items)}\ncondition: selection`, ...blocks);
}

/** A rule named `whoami` and a correlation over it; the blocks are the correlation's. */
export function correlationText(...blocks: readonly string[]): string {
  return `${ruleText('name: whoami')}---\n${assemble(CORRELATION, blocks)}`;
}

/** The rule and a filter for it; the blocks are the filter's. */
export function filterText(...blocks: readonly string[]): string {
  return `${ruleText()}---\n${assemble(FILTER, blocks)}`;
}

/** The detection section of selections and a condition, indented as rules are. */
export function detection(body: string): string {
  return `detection:\n${indented(body)}`;
}

/** A step of four blanks, as rules have. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

function assemble(base: Readonly<Record<string, string>>, blocks: readonly string[]): string {
  const parts = new Map(Object.entries(base));
  for (const block of blocks) {
    const key = /^-?[\w-]+/m.exec(block)?.[0] ?? block;
    if (key.startsWith('-')) parts.delete(key.slice(1));
    else parts.set(key, block);
  }
  return `${[...parts.values()].join('\n')}\n`;
}
