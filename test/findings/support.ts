/** Rule sets and matches by hand: windows are tested without parsers and readers. */
import { harmlessJson } from '../../src/bytes/json-text.ts';
import { snapshotJson } from '../../src/findings/store/event-json.ts';
import { MatchBlockWriter, MatchStore } from '../../src/findings/store/match-store.ts';
import { snapshotRecord } from '../../src/findings/store/snapshot-record.ts';
import type { EventSnapshot, FieldValue } from '../../src/model/event.ts';
import type { Match, RuleInfo } from '../../src/model/match.ts';
import type { CorrelationCondition, CorrelationRule, Level } from '../../src/model/rule.ts';
import type { CompiledCorrelation, RuleSet } from '../../src/model/ruleset.ts';
import { isoFromUs } from '../../src/model/values/time.ts';

/** 2024-01-01T10:00:00Z in microseconds. */
export const TEN_OCLOCK_US = Date.UTC(2024, 0, 1, 10) * 1000;

export function ruleInfo(title: string, level: Level | null = 'medium'): RuleInfo {
  return {
    id: null,
    name: title,
    title,
    level,
    status: null,
    description: null,
    tags: [],
    falsepositives: [],
    path: `rules/${title}.yml`,
  };
}

export interface SnapshotFields {
  readonly file?: string;
  readonly index?: number;
  readonly computer?: string;
  readonly channel?: string;
  readonly provider?: string;
  readonly eventId?: number;
  readonly system?: Readonly<Record<string, FieldValue>>;
  readonly data?: Readonly<Record<string, FieldValue>>;
}

/** An event `seconds` after ten o'clock. */
export function snapshot(seconds: number, fields: SnapshotFields = {}): EventSnapshot {
  const { file = 'a.evtx', index = 0, computer = 'PC1', channel = 'Security', provider = '', eventId = 1 } = fields;
  const timeUs = TEN_OCLOCK_US + Math.round(seconds * 1e6);
  return {
    file,
    index,
    offset: index * 512,
    recovered: false,
    EventRecordID: index + 1,
    TimeCreated: Number.isNaN(timeUs) ? null : isoFromUs(timeUs),
    timeUs,
    Provider: provider,
    Channel: channel,
    EventID: eventId,
    Computer: computer,
    system: { Channel: channel, EventID: String(eventId), Computer: computer, ...fields.system },
    data: { ...fields.data },
  };
}

export function match(rule: number, seconds: number, fields: SnapshotFields = {}): Match {
  return { kind: 'match', rule, via: 'sysmon', event: snapshot(seconds, fields), fields: [] };
}

export interface CorrelationText {
  readonly title?: string;
  readonly type: CorrelationRule['type'];
  readonly rules: readonly string[];
  readonly groupBy?: readonly string[];
  readonly seconds: number;
  readonly condition?: Partial<CorrelationCondition>;
  readonly aliases?: CorrelationRule['aliases'];
  readonly generate?: boolean;
}

/** A rule set of base rules (by title) and correlations over them. */
export function ruleSet(
  base: readonly string[],
  correlations: readonly CorrelationText[],
): Pick<RuleSet, 'rules' | 'silent' | 'correlations'> {
  const titles = [...base, ...correlations.map(({ title }, i) => title ?? `correlation ${i}`)];
  const compiled = correlations.map((text, i): CompiledCorrelation => {
    const title = titles[base.length + i]!;
    return {
      rule: base.length + i,
      references: text.rules.map((name) => (titles.includes(name) ? [titles.indexOf(name)] : [])),
      definition: {
        kind: 'correlation',
        head: {
          title,
          tags: [],
          references: [],
          falsepositives: [],
          fields: [],
          custom: {},
          path: '',
          span: { line: 1, column: 1 },
        },
        type: text.type,
        rules: text.rules,
        groupBy: text.groupBy ?? [],
        timespanMs: text.seconds * 1000,
        timespan: `${text.seconds}s`,
        condition: { bounds: [], fields: [], ...text.condition },
        aliases: text.aliases ?? {},
        generate: text.generate ?? false,
      },
    };
  });
  const loud = new Set(correlations.flatMap(({ generate, rules }) => (generate === true ? rules : [])));
  const named = new Set(correlations.flatMap(({ rules }) => rules));
  return {
    rules: titles.map((title) => ruleInfo(title)),
    silent: titles.map((title) => named.has(title) && !loud.has(title)),
    correlations: compiled,
  };
}

/** As the scan does it: matches of one record follow each other, and its text is there once. */
export function storeOf(matches: readonly Match[]): MatchStore {
  const store = new MatchStore();
  if (matches.length === 0) return store;
  const files = [...new Set(matches.map(({ event }) => event.file))];
  const block = new MatchBlockWriter();
  for (const [range, { event, rule, via, fields }] of matches.entries()) {
    const before = matches[range - 1]?.event;
    if (before?.file !== event.file || before.index !== event.index) {
      if (block.count > 0) store.appendSerialized(block.take(), { file: files.indexOf(before!.file), range });
      block.start(event.file);
      const { head, tail } = snapshotJson(event);
      block.text.json(head);
      const tailAt = block.text.at;
      block.text.json(tail);
      block.event(0, tailAt, snapshotRecord(event));
    }
    const fieldsAt = block.text.at;
    block.text.json(harmlessJson(JSON.stringify(fields)));
    block.match(rule, via, fieldsAt);
  }
  store.appendSerialized(block.take(), { file: files.indexOf(matches.at(-1)!.event.file), range: matches.length });
  return store;
}
