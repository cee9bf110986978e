/**
 * Measures how long the stages of a scan take on one thread. In: paths of rules and logs. Out: a table. Each stage is timed in a
 * run of its own.
 */
import { createMatcher, readSource } from '../accelerated.ts';
import { loadCompiled } from '../engine/rule-cache/load-compiled.ts';
import { listSources, openSource } from '../logs/open/open.ts';
import type { EventSink } from '../model/event.ts';
import { scan } from '../scan.ts';

const READ = { recover: false, verify: false };

/** `clock` returns milliseconds. Each line gives the stage, its milliseconds, and what it did. */
export async function* stageLines(rules: readonly string[], logs: readonly string[], clock: () => number): AsyncIterable<string> {
  let started = clock();
  const line = (stage: string, what: string): string => {
    const text = `${stage.padEnd(16)} ${(clock() - started).toFixed(0).padStart(8)} ms  ${what}`;
    started = clock();
    return text;
  };
  const { ruleSet } = loadCompiled(rules);
  yield line('rules', `${ruleSet.rules.length} rules parsed and compiled, no cache`);
  const matcher = createMatcher(ruleSet);
  yield line('matcher', 'made ready');
  const count = await readAll(logs, () => {});
  yield line('read', `${count} events, nothing asked of them`);
  await readAll(logs, (event) => {
    for (const slots of event.shape.fields.values()) for (const slot of slots) event.value(slot);
  });
  yield line('read all values', 'every value of every event as text');
  let matches = 0;
  await readAll(logs, (event) =>
    matcher.match(
      event,
      () => matches++,
      () => {},
    ),
  );
  yield line('read and match', `${matches} matches`);
  const result = await scan({ paths: logs, rules, threads: 1 });
  yield line('scan', `${result.alerts.length} alerts; all of the above, the store, correlations and the look-back`);
  result.close();
}

async function readAll(logs: readonly string[], event: EventSink['event']): Promise<number> {
  let count = 0;
  const sink: EventSink = {
    event(one) {
      count++;
      event(one);
    },
    diagnostic() {},
  };
  for (const source of listSources(logs, () => {})) {
    const opened = await openSource(source, () => {});
    if (opened !== null) await readSource(opened, sink, READ);
  }
  return count;
}
