/**
 * Writes a first test for a rule. In: a rule and a log. Out: the text of a test file that passes, with the record as an inline
 * event and the rule's result. Refuses missing records, and rules that no event log serves.
 */
import { Evaluation } from '../explain/evaluate.ts';
import type { RulePool } from '../explain/rule-pool.ts';
import { readLogs } from '../logs/open/read-logs.ts';
import { plainEvent } from '../logs/plain-event.ts';
import { UsageError } from '../model/errors.ts';
import type { EventRecord, FieldValue } from '../model/event.ts';
import type { SigmaRule } from '../model/rule.ts';
import { passesGate } from '../sigma/logsource/fields.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';

export interface InitRequest {
  readonly rule: SigmaRule;
  /** The path as the test file writes it, relative to itself. */
  readonly rulePath: string;
  readonly log: string;
  /** EventRecordID; null: the first record on which the rule matches. */
  readonly record: string | null;
  readonly logSources: LogSourceOptions;
  readonly signal?: AbortSignal | undefined;
}

export async function initTest(pool: RulePool, request: InitRequest): Promise<string> {
  const { rule, log, record } = request;
  if (rule.kind === 'correlation')
    throw new UsageError('a correlation needs several records: name a log in its test (`log: FILE`).');
  const { ruleSet, targets, unused } = pool.choose([rule], request.logSources);
  if (targets.length === 0) throw new UsageError(`the rule cannot be used: ${unused.join('; ')}.`);
  let found: { fields: Record<string, FieldValue>; matches: boolean } | null = null;
  const matchesRule = (event: EventRecord): boolean => {
    const evaluation = new Evaluation(ruleSet);
    evaluation.add(event, log);
    return evaluation.matches.some((match) => targets.includes(match.rule));
  };
  const read = await readLogs(
    [log],
    (event) => {
      if (record === null ? !matchesRule(event) : textOf(event, event.shape.system.recordId) !== record) return undefined;
      const fields = fieldsOf(event);
      const plain = plainEvent(fields);
      if (!ruleSet.sources.some((source) => passesGate(plain, source)))
        throw new UsageError(
          `record ${record} of ${log} is no event of the rule's log source: the test would pass whatever the rule says.`,
        );
      found = { fields, matches: matchesRule(plain) };
      return false;
    },
    request.signal,
    { shapes: request.logSources.custom?.shapes },
  );
  // A callback assigns it, which the type checker cannot see.
  const one = found as { fields: Record<string, FieldValue>; matches: boolean } | null;
  if (one === null) {
    const what = record === null ? 'no record on which the rule matches' : `no record ${record}`;
    throw new UsageError(`${log} has ${what} (${read.events} events were read). --record N names another one.`);
  }
  return testText(request, one.fields, one.matches);
}

function textOf(event: EventRecord, slot: number): string {
  const value = slot < 0 ? undefined : event.value(slot);
  return typeof value === 'string' ? value : '';
}

/** Field names as rules know them, System fields first. */
function fieldsOf(event: EventRecord): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = Object.create(null);
  const { systemFields, dataFields } = event.shape;
  for (const [name, slots] of [...systemFields, ...dataFields]) {
    const values = slots.map((slot) => event.value(slot)).filter((value) => value !== undefined);
    if (values.length > 0) fields[name] = values.length === 1 ? values[0]! : values.flat();
  }
  return fields;
}

function testText({ rule, rulePath, log, record }: InitRequest, fields: Record<string, FieldValue>, matches: boolean): string {
  const place = `record ${record ?? fields.EventRecordID ?? ''} of ${log.replace(/^.*[/\\]/, '')}`.replace(/ {2,}/g, ' ');
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${yamlValue(value)}`);
  return (
    `rule: ${quoted(rulePath)}\n` +
    (rule.head.id === undefined ? '' : `target: ${quoted(rule.head.id)}\n`) +
    `tests:\n    - name: ${quoted(`${place} ${matches ? 'matches' : 'does not match'}`)}\n      events:\n          - ${lines.join('\n            ')}\n` +
    `      match: ${matches}\n`
  );
}

function yamlValue(value: FieldValue): string {
  if (value === null) return 'null';
  return typeof value === 'string' ? quoted(value) : `[${value.map((one) => (one === null ? 'null' : quoted(one))).join(', ')}]`;
}

/** In single quotes, where a backslash is an ordinary character. In double quotes when a character has to be escaped. */
function quoted(text: string): string {
  return /[\p{C}\u2028\u2029]/u.test(text)
    ? JSON.stringify(text).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped)
    : `'${text.replaceAll("'", "''")}'`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
