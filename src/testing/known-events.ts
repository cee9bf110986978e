/**
 * The known false positives of rules, which a baseline does not count as hits. In: test files and the rules that they name. Out:
 * whether a match is a known false positive: its event has every field of a known event, with the same values in any case. Known
 * false positives that a test file takes from logs are left out.
 */
import type { RulePool } from '../explain/rule-pool.ts';
import { plainEvent, shapedEvent } from '../logs/plain-event.ts';
import { type EventRecord, type FieldValue, fieldValue } from '../model/event.ts';
import { getOrInsert } from '../model/values/maps.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';
import { besideOf } from './run-tests.ts';
import type { TestFile } from './test-file.ts';

interface RuleInfo {
  readonly path: string;
  readonly title: string;
}

export class KnownEvents {
  readonly #byRule = new Map<string, EventRecord[]>();

  constructor(files: readonly TestFile[], pool: RulePool, { custom }: LogSourceOptions) {
    for (const file of files) {
      const events = file.tests
        .filter(({ isKnown }) => isKnown)
        .flatMap((test) =>
          test.events.map((fields) => shapedEvent(fields, custom?.shapes) ?? plainEvent({ ...file.defaults, ...fields })),
        );
      if (events.length === 0) continue;
      for (const { head } of file.rules.flatMap((path) => pool.inFile(besideOf(file.path, path)))) {
        const { target } = file;
        if (target !== undefined && ![head.name, head.title, head.id].includes(target)) continue;
        getOrInsert(this.#byRule, keyOf(head), () => []).push(...events);
      }
    }
  }

  has(rule: RuleInfo, event: EventRecord): boolean {
    return (this.#byRule.get(keyOf(rule)) ?? []).some((known) => isLike(event, known));
  }
}

function keyOf({ path, title }: RuleInfo): string {
  return JSON.stringify([path, title]);
}

function isLike(event: EventRecord, known: EventRecord): boolean {
  return [...known.shape.fields.keys()].every((name) => normal(fieldValue(event, name)) === normal(fieldValue(known, name)));
}

function normal(value: FieldValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value).toLowerCase();
}
