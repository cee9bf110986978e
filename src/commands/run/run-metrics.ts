/** The work of `winnow metrics`. */
import { Metrics, metricsObjects } from '../../events/metrics.ts';
import { metricsText } from '../../events/metrics-text.ts';
import { printedJsonLines, printedPieces } from '../../report/sanitize.ts';
import { loadTextWidths } from '../../report/text-layout.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../command.ts';
import type { MetricsFlags } from '../flags/metrics-flags.ts';
import { streamOutput } from '../output/output-file.ts';
import { tableWidth } from '../output/terminal.ts';
import { checkChoice, endOf, eventChoice, readEvents } from './event-run.ts';
import { namedLogs } from './named-logs.ts';

export async function runMetrics(context: CommandContext, { operands, flags }: CommandArgs<MetricsFlags>): Promise<ExitCode> {
  const choice = eventChoice(flags);
  const metrics = new Metrics();
  const read = await readEvents(context, await namedLogs(context, operands), (event, file) => {
    if (choice.wants(event)) metrics.add(event, file);
    return true;
  });
  checkChoice(context, choice);
  await loadTextWidths();
  await streamOutput(context.stdout).save(
    flags.format === 'jsonl'
      ? printedJsonLines(metricsObjects(metrics))
      : printedPieces(metricsText(metrics, flags.top, tableWidth(context))),
  );
  return endOf(context, read);
}
