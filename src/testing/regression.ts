/**
 * Reads SigmaHQ's regression tests. In: an `info.yml`. Out: its cases in the form of winnow's own test files. A test names a log
 * by its path from the root of SigmaHQ's repository. `match_count` is the least number of records that must match.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { RuleText } from '../sigma/rule/faults.ts';
import { entryOf, parseYaml, type YamlMap, type YamlNode } from '../sigma/yaml/yaml.ts';
import type { TestCase, TestFile } from './test-file.ts';

export interface ParsedRegression {
  /** One for each rule that the file names. Empty for a file without tests. */
  readonly files: readonly TestFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How many folders upwards are tried as the start of a path. */
const MAX_ASCENT = 32;

export function parseRegression(text: string, path: string): ParsedRegression {
  const source = new RuleText(path, text);
  const diagnostics: Diagnostic[] = [];
  const refuse = (at: number, message: string): ParsedRegression => {
    diagnostics.push({ code: 'test/file', severity: 'error', message, place: { file: path, ...source.span(at) } });
    return { files: [], diagnostics };
  };
  const { documents, fault } = parseYaml(text);
  if (fault !== null) return refuse(fault.at, fault.message);
  const root = documents[0]?.root;
  if (root?.kind !== 'map') return refuse(0, 'expected a map with "rule_metadata" and "regression_tests_info".');
  const tests = maps(entryOf(root, 'regression_tests_info')?.value).map((one): TestCase => {
    const log = scalar(one, 'path');
    return {
      name: scalar(one, 'name') ?? basename(dirname(path)),
      line: source.span(one.start).line,
      events: [],
      logs: log === undefined ? [] : [findLog(path, log)],
      match: true,
      isKnown: false,
      inLogSource: true,
      records: undefined,
      count: undefined,
      atLeast: Number(scalar(one, 'match_count') ?? 1),
    };
  });
  if (tests.length === 0) return { files: [], diagnostics };
  const files = maps(entryOf(root, 'rule_metadata')?.value).flatMap((one): TestFile[] => {
    const target = scalar(one, 'id');
    return target === undefined ? [] : [{ path, rules: [], target, values: new Map(), optionalSources: [], defaults: {}, tests }];
  });
  return files.length === 0 ? refuse(root.start, '"rule_metadata" names no rule by its id.') : { files, diagnostics };
}

function maps(node: YamlNode | undefined): readonly YamlMap[] {
  return node?.kind === 'list' ? node.items.filter((item): item is YamlMap => item.kind === 'map') : [];
}

function scalar(map: YamlMap, key: string): string | undefined {
  const value = entryOf(map, key)?.value;
  return value?.kind === 'scalar' && value.type !== 'null' ? value.text : undefined;
}

/** A path may start at the root of the repository, at the folder that the data was copied to, or next to the file. */
function findLog(infoPath: string, log: string): string {
  const inside = log.replace(/^[^/]*\//, '');
  let folder = dirname(infoPath);
  for (let i = 0; i < MAX_ASCENT; i++) {
    for (const candidate of [join(folder, log), join(folder, inside)]) if (existsSync(candidate)) return resolve(candidate);
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  const beside = join(dirname(infoPath), basename(log));
  return existsSync(beside) ? resolve(beside) : log;
}
