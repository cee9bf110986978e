/** One record as each stage sees it. In: an event and a matcher. Out: lines of text, names and values as JSON. */
import { createMatcher } from '../engine/match/matcher.ts';
import type { EventRecord } from '../model/event.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { sourceOf } from '../model/ruleset.ts';
import { isoFromUs } from '../model/values/time.ts';
import { passesGate } from '../sigma/logsource/fields.ts';

/** `ruleSet`: null when there are no rules to try. */
export function* recordText(event: EventRecord, file: string, ruleSet: RuleSet | null): Iterable<string> {
  const { shape } = event;
  yield `record ${event.index} of ${file}, at byte ${event.offset}${event.recovered ? ', recovered' : ''}`;
  yield 'what readers say of it, and log sources go by';
  const time = Number.isNaN(event.timeUs) ? 'none' : isoFromUs(event.timeUs);
  for (const [name, value] of Object.entries({
    Channel: event.channel,
    Provider: event.provider,
    EventID: event.eventId,
    Computer: event.computer,
  })) {
    yield `  ${name} ${JSON.stringify(value)}`;
  }
  yield `  time ${time}`;
  for (const [title, fields] of [
    ['System fields', shape.systemFields],
    ['data fields', shape.dataFields],
  ] as const) {
    yield `${title} (shape ${shape.id}; name, slots, value)`;
    for (const [name, slots] of fields)
      yield `  ${name} [${slots.join(', ')}] ${slots.map((slot) => JSON.stringify(event.value(slot))).join(', ')}`;
  }
  if (ruleSet === null) return;
  yield 'event sources whose gate it passes';
  for (const source of ruleSet.sources)
    if (passesGate(event, source)) yield `  ${source.via}: ${source.channels.join(', ') || 'any channel'}`;
  yield 'rules that hold';
  const held: [number, number][] = [];
  const matcher = createMatcher(ruleSet);
  matcher.match(
    event,
    (rule, source) => held.push([rule, source]),
    (rule) => held.push([rule, -1]),
  );
  for (const [rule, source] of held) {
    yield `  ${ruleSet.rules[rule]!.title} ${source < 0 ? '(not decided: a regular expression takes too long)' : `via ${sourceOf(ruleSet, rule, source).via}`}`;
    if (source < 0) continue;
    for (const { name, value, modifier, pattern } of matcher.evidence(event, rule, source)) {
      yield `    ${name} ${JSON.stringify(value)}: ${modifier || 'equals'} ${JSON.stringify(pattern)}`;
    }
  }
}
