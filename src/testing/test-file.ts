/**
 * In: the text of a `NAME.test.yml`. Out: its cases. Refuses, with the place, what it does not know: a misspelt `match` would
 * be a test that cannot fail.
 *
 *   rule: wmi_suspicious_consumer.yml          # or `rules:` a list; relative to this file
 *   target: wmi_suspicious_consumer            # name, id or title, where the file holds several rules
 *   values: {Administrators: [adm-*]}          # for placeholders
 *   optional-sources: [wmi_activity_5861]
 *   defaults: {Channel: ..., EventID: 1}       # fields of every inline event that does not have them itself
 *   tests:
 *     - name: a binding to a script consumer matches
 *       events:                                # flat maps of field names; or
 *         - {Channel: ..., EventID: 21, ...}
 *       log: ../fixtures/x.xml                 # one log, or a list
 *       match: true
 *       in-log-source: true                    # false: with `match: false`, the events are none of the log source
 *       records: [0]                           # exactly these events
 *       count: 1                               # exactly so many matches
 *   falsepositives:                            # known to match, and accepted: reported, never a failure
 *     - name: the inventory agent
 *       events: [...]                          # or `log`
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import { RuleText } from '../sigma/rule/faults.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import { entryOf, parseYaml, type YamlMap, type YamlNode, yamlToData } from '../sigma/yaml/yaml.ts';

export interface TestCase {
  readonly name: string;
  readonly line: number;
  /** Flat maps; empty when the events come from logs. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Paths as written. */
  readonly logs: readonly string[];
  readonly match: boolean;
  /** True for a known false positive: it is reported whether it matches, and it fails no test. */
  readonly isKnown: boolean;
  /** False when the test checks that no event belongs to the rule's log source. */
  readonly inLogSource: boolean;
  /** The indexes of exactly the records that must match; undefined: any. */
  readonly records: readonly number[] | undefined;
  readonly count: number | undefined;
  /** The least number of matches; undefined: any. */
  readonly atLeast: number | undefined;
}

export interface TestFile {
  readonly path: string;
  /** Rule files as written. */
  readonly rules: readonly string[];
  /** A rule's id (SigmaHQ regression tests), name or title within the files; undefined: all of them. */
  readonly target: string | undefined;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly optionalSources: readonly string[];
  /** Fields of inline events that do not have them themselves. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly tests: readonly TestCase[];
}

export interface ParsedTestFile {
  readonly file: TestFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The keys of a test file, and of one of its tests. */
export const FILE_KEYS = ['rule', 'rules', 'target', 'values', 'optional-sources', 'defaults', 'tests', 'falsepositives'];
export const CASE_KEYS = ['name', 'events', 'log', 'logs', 'match', 'in-log-source', 'records', 'count'];
export const FALSE_POSITIVE_KEYS = ['name', 'events', 'log', 'logs'];
/** Limits: the tests of one file, and the events of one test. */
const MAX_TESTS = 10_000;
const MAX_EVENTS = 100_000;

export function parseTestFile(text: string, path: string): ParsedTestFile {
  const reader = new TestFileReader(new RuleText(path, text));
  return { file: reader.read(text), diagnostics: reader.diagnostics };
}

class Refusal extends Error {}

class TestFileReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: RuleText;

  constructor(source: RuleText) {
    this.#source = source;
  }

  read(text: string): TestFile | null {
    try {
      const { documents, fault } = parseYaml(text);
      const first = fault ?? documents.flatMap((document) => document.faults)[0];
      if (first !== undefined) throw this.#refuse(first.at, first.message, first.hint);
      const root = documents[0]?.root;
      if (root === null || root === undefined) throw this.#refuse(0, 'the file is empty.');
      if (documents.length > 1) throw this.#refuse(0, 'a test file is one YAML document.');
      return this.#file(this.#map(root, 'a test file'));
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  #file(map: YamlMap): TestFile {
    this.#checkKeys(map, FILE_KEYS, 'a test file');
    const rules = [...this.#texts(map, 'rule'), ...this.#texts(map, 'rules')];
    if (rules.length === 0) throw this.#refuse(map.start, 'there is no "rule".', 'Name the rule file: `rule: NAME.yml`.');
    const tests = this.#items(map, 'tests');
    const known = this.#items(map, 'falsepositives');
    if (tests === null && known === null) throw this.#refuse(map.start, 'there are no "tests".');
    const defaults = entryOf(map, 'defaults')?.value;
    const values = entryOf(map, 'values')?.value;
    return {
      path: this.#source.path,
      rules,
      target: this.#texts(map, 'target')[0],
      values: new Map(
        values === undefined
          ? []
          : this.#map(values, '"values"').entries.map(({ key, value }) => [key.text, this.#textsOf(value, key.text)]),
      ),
      optionalSources: this.#texts(map, 'optional-sources'),
      defaults: defaults === undefined ? {} : (yamlToData(this.#map(defaults, '"defaults"')) as Record<string, unknown>),
      tests: [
        ...(tests ?? []).map((item) => this.#case(this.#map(item, 'a test'))),
        ...(known ?? []).map((item) => this.#falsePositive(this.#map(item, 'a false positive'))),
      ],
    };
  }

  #items(map: YamlMap, key: string): readonly YamlNode[] | null {
    const value = entryOf(map, key)?.value;
    if (value === undefined) return null;
    if (value.kind !== 'list') throw this.#refuse(value.start, `"${key}" must be a list.`);
    if (value.items.length > MAX_TESTS) throw this.#refuse(value.start, `more than ${MAX_TESTS} ${key}.`);
    return value.items;
  }

  #case(map: YamlMap): TestCase {
    this.#checkKeys(map, CASE_KEYS, 'a test');
    const match = this.#boolean(map, 'match', true);
    const records = this.#numbers(map, 'records');
    const count = this.#numbers(map, 'count')?.[0];
    const inLogSource = this.#boolean(map, 'in-log-source', true);
    if (match && !inLogSource)
      throw this.#refuse(map.start, 'an event that is not of the log source cannot match.', 'Write `match: false` as well.');
    this.#refuseContradiction(map, match, records, count);
    return { ...this.#subject(map, 'test'), match, isKnown: false, inLogSource, records, count, atLeast: undefined };
  }

  #falsePositive(map: YamlMap): TestCase {
    this.#checkKeys(map, FALSE_POSITIVE_KEYS, 'a false positive');
    const all = { match: true, isKnown: true, inLogSource: true, records: undefined, count: undefined, atLeast: undefined };
    return { ...this.#subject(map, 'false positive'), ...all };
  }

  /** What is tested: a name, and events or logs. */
  #subject(map: YamlMap, what: string): Pick<TestCase, 'name' | 'line' | 'events' | 'logs'> {
    const { line } = this.#source.span(map.start);
    const logs = [...this.#texts(map, 'log'), ...this.#texts(map, 'logs')];
    const events = entryOf(map, 'events')?.value;
    if ((events === undefined) === (logs.length === 0)) {
      throw this.#refuse(
        map.start,
        events === undefined ? `a ${what} needs "events" or a "log".` : `a ${what} has "events" or a "log", not both.`,
      );
    }
    const name = this.#texts(map, 'name')[0] ?? `${what} at line ${line}`;
    return { name, line, events: events === undefined ? [] : this.#events(events), logs };
  }

  /** A test that contradicts itself is refused, because it would not check what its author means. */
  #refuseContradiction(map: YamlMap, match: boolean, records: readonly number[] | undefined, count: number | undefined): void {
    const expected = records?.length ?? count;
    if (expected === undefined) return;
    const key = records === undefined ? 'count' : 'records';
    const { start } = entryOf(map, key)!.value;
    if (!match && expected > 0)
      throw this.#refuse(start, `"match: false" and "${key}" exclude each other.`, `Leave out one of the two.`);
    if (match && expected === 0)
      throw this.#refuse(start, `"${key}" expects nothing, but the test expects a match.`, 'Write `match: false` instead.');
  }

  #events(node: YamlNode): readonly Readonly<Record<string, unknown>>[] {
    if (node.kind !== 'list') throw this.#refuse(node.start, '"events" must be a list of maps.');
    if (node.items.length > MAX_EVENTS) throw this.#refuse(node.start, `more than ${MAX_EVENTS} events.`);
    return node.items.map((item) => yamlToData(this.#map(item, 'an event')) as Record<string, unknown>);
  }

  #boolean(map: YamlMap, key: string, fallback: boolean): boolean {
    const value = entryOf(map, key)?.value;
    if (value === undefined) return fallback;
    if (value.kind !== 'scalar' || value.type !== 'boolean') throw this.#refuse(value.start, `"${key}" must be true or false.`);
    return value.text.toLowerCase() === 'true';
  }

  #numbers(map: YamlMap, key: string): readonly number[] | undefined {
    const value = entryOf(map, key)?.value;
    if (value === undefined) return undefined;
    const items = value.kind === 'list' ? value.items : [value];
    return items.map((item) => {
      if (item.kind !== 'scalar' || !/^\d{1,9}$/.test(item.text)) throw this.#refuse(item.start, `"${key}" takes whole numbers.`);
      return Number(item.text);
    });
  }

  #texts(map: YamlMap, key: string): readonly string[] {
    const value = entryOf(map, key)?.value;
    return value === undefined ? [] : this.#textsOf(value, key);
  }

  #textsOf(node: YamlNode, key: string): readonly string[] {
    const items = node.kind === 'list' ? node.items : [node];
    return items.map((item) => {
      if (item.kind !== 'scalar') throw this.#refuse(item.start, `"${key}" takes text or a list of texts.`);
      return item.text;
    });
  }

  #map(node: YamlNode, what: string): YamlMap {
    if (node.kind !== 'map') throw this.#refuse(node.start, `${what} must be a map.`);
    return node;
  }

  #checkKeys(map: YamlMap, known: readonly string[], what: string): void {
    const unknown = map.entries.find(({ key }) => !known.includes(key.text));
    if (unknown === undefined) return;
    throw this.#refuse(
      unknown.key.start,
      `"${unknown.key.text}" is no key of ${what}.`,
      didYouMean(unknown.key.text, known) ?? `Keys are ${known.join(', ')}.`,
    );
  }

  #refuse(at: number, message: string, hint?: string): Refusal {
    const place = { file: this.#source.path, ...this.#source.span(at) };
    this.diagnostics.push({ code: 'test/file', severity: 'error', message, hint, place });
    return new Refusal(message);
  }
}
