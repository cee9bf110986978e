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
  wasm: ['model'],
  // Rules: text -> checked rules, and what a log source means on Windows.
  'sigma/yaml': [],
  'sigma/files': ['model'],
  'sigma/regex': ['model'],
  'sigma/modifiers': ['model', 'sigma/regex'],
  'sigma/rule': ['model', 'sigma/files', 'sigma/modifiers', 'sigma/yaml'],
  'sigma/logsource': ['model', 'sigma/rule', 'sigma/yaml'],
  // Logs: bytes -> events. They know no rules.
  logs: ['model', 'wasm'],
  // Rules x events -> matches. The matcher knows no YAML and no log format.
  'engine/compile': ['model', 'sigma'],
  'engine/rule-cache': ['model', 'engine/compile', 'sigma'],
  'engine/match': ['model', 'engine/compile', 'sigma/logsource', 'sigma/modifiers', 'sigma/regex'],
  // Matches -> alerts, correlations, look-back.
  findings: ['model', 'logs', 'sigma/logsource'],
  scan: ['model', 'engine', 'findings', 'logs'],
  'scan.ts': ['model', 'engine', 'findings', 'logs', 'scan', 'sigma'],
  'worker.ts': ['model', 'engine', 'findings', 'scan'],
  report: ['model'],
  // The engines of the other verbs.
  lint: ['model', 'engine', 'report', 'sigma'],
  explain: ['model', 'engine', 'findings', 'lint', 'logs', 'report', 'sigma'],
  testing: ['model', 'engine', 'explain', 'findings', 'lint', 'logs', 'report', 'sigma'],
  'index.ts': ['model', 'engine', 'findings', 'logs', 'scan.ts', 'sigma'],
  commands: ['model', 'engine', 'explain', 'lint', 'logs', 'report', 'scan', 'scan.ts', 'sigma', 'testing'],
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

/** The part that a file belongs to: the longest key of the table that its path below src/ begins with. */
function part(path: string): string {
  const parts = relative(src, path).split(sep);
  const two = parts.slice(0, 2).join('/');
  return two in MAY_IMPORT ? two : parts[0]!;
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  return MAY_IMPORT[from]!.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

describe('the structure of src/', () => {
  test('imports go one way', () => {
    const wrong: string[] = [];
    for (const file of sourceFiles(src)) {
      const from = part(file);
      for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
        const to = part(resolve(dirname(file), target!));
        if (!mayImport(from, to)) wrong.push(`${relative(src, file)} imports ${target}`);
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
