import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as library from '../../src/index.ts';
import { projectRoot } from '../support/shared.ts';
import { circlesOf, importsOf, mayImport, part, sourceFiles, src } from './parts.ts';

describe('the structure of src/', () => {
  test('imports go one way', () => {
    const wrong: string[] = [];
    for (const file of sourceFiles(src)) {
      const from = part(file);
      for (const { target, path } of importsOf(file)) {
        if (!mayImport(from, part(path))) wrong.push(`${relative(src, file)} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('no import goes in a circle, those of types included', () => {
    const imports = new Map(sourceFiles(src).map((file) => [file, importsOf(file).map(({ path }) => path)]));
    expect(circlesOf(imports).map((circle) => circle.map((file) => relative(src, file)))).toEqual([]);
    expect(
      circlesOf(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', ['a']],
          ['d', []],
        ]),
      ),
    ).toEqual([['a', 'b', 'c']]);
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
      'closeArchives',
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
      'listLogs',
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
