import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as library from '../../src/index.ts';
import { projectRoot } from '../support/shared.ts';

/**
 * What each folder of src/ may import besides itself: strictly one way. Readers know no rules, the matcher knows no YAML,
 * reporters read no logs, nothing but the binary imports commands.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  regex: ['model'],
  wasm: ['model'],
  read: ['model', 'wasm'],
  modifiers: ['model', 'regex'],
  rule: ['model', 'modifiers'],
  logsource: ['model', 'rule'],
  compile: ['model', 'logsource', 'modifiers', 'regex', 'rule'],
  match: ['model', 'compile', 'logsource', 'modifiers', 'regex'],
  window: ['model', 'logsource', 'read'],
  report: ['model'],
  scan: ['model', 'compile', 'match', 'read', 'window'],
  'scan.ts': ['model', 'compile', 'logsource', 'match', 'read', 'rule', 'scan', 'window'],
  'worker.ts': ['model', 'compile', 'match', 'scan', 'window'],
  lint: ['model', 'compile', 'logsource', 'match', 'modifiers', 'regex', 'report', 'rule'],
  explain: ['model', 'compile', 'lint', 'logsource', 'match', 'read', 'report', 'rule', 'window'],
  testing: ['model', 'compile', 'explain', 'lint', 'logsource', 'match', 'read', 'report', 'rule', 'window'],
  'index.ts': ['model', 'compile', 'logsource', 'match', 'read', 'rule', 'scan.ts', 'window'],
  commands: ['model', 'compile', 'explain', 'lint', 'logsource', 'match', 'read', 'report', 'rule', 'scan', 'scan.ts', 'testing'],
  'cli.ts': ['commands', 'model'],
};

const src = join(projectRoot, 'src');

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** The first part of a path below src/: a folder, or a file that stands alone. */
function part(path: string): string {
  return relative(src, path).split(sep)[0]!;
}

describe('the structure of src/', () => {
  test('imports go one way', () => {
    const wrong: string[] = [];
    for (const file of sourceFiles(src)) {
      const from = part(file);
      for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
        const to = part(resolve(dirname(file), target!));
        if (to !== from && !(MAY_IMPORT[from] ?? []).includes(to)) wrong.push(`${relative(src, file)} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('only the binary touches process', () => {
    // Workers and the compiled-rules cache read constants of the runtime by `node:process` imports, which name what they take.
    const users = sourceFiles(src).filter((file) => /(?<!['.\w])process\.\w+/.test(withoutComments(readFileSync(file, 'utf8'))));
    expect(users.map((file) => relative(src, file))).toEqual(['cli.ts']);
  });

  test('nothing evaluates text as code', () => {
    const users = sourceFiles(src).filter((file) => /\beval\(|new Function\b/.test(withoutComments(readFileSync(file, 'utf8'))));
    expect(users).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

describe('the library', () => {
  test('exports what its documentation names, and nothing by accident', () => {
    const names = Object.keys(library).sort();
    expect(names).toEqual([
      'FileSource',
      'InputError',
      'InternalError',
      'MemorySource',
      'UsageError',
      'compileRules',
      'correlate',
      'correlationInputs',
      'createMatcher',
      'deserializeRuleSet',
      'eventFromJson',
      'eventFromXml',
      'eventView',
      'eventsFromJsonText',
      'eventsFromXml',
      'fieldValue',
      'formatDiagnostic',
      'formatPlace',
      'interpretRule',
      'listSources',
      'loadCompiled',
      'loadCustomLogSources',
      'loadPlaceholders',
      'loadRules',
      'mappedFieldValue',
      'matchFieldsOf',
      'matchStream',
      'openSource',
      'optionalSources',
      'parseRules',
      'passesGate',
      'plainEvent',
      'readRange',
      'readSource',
      'resolveLogSource',
      'scan',
      'serializeRuleSet',
      'snapshotEvent',
      'sourceOf',
      'sourceRanges',
      'systemValue',
    ]);
    const page = readFileSync(join(projectRoot, 'docs/library.md'), 'utf8');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
  });
});
