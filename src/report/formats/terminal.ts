/** The report that an analyst reads: alerts, the most severe first, then the honest account of the scan. */
import { Chalk } from 'chalk';
import type { Reporter, ReportStyle, ScanReport } from '../reporter.ts';
import { type RuleGroup, ruleGroups } from '../rule-groups.ts';
import { printedPieces, visibleText } from '../sanitize.ts';
import { ShownContext } from '../shown-context.ts';
import { type Fact, summaryFacts } from '../summary-facts.ts';
import { type Canvas, groupLines, levelLabel, paintLevel } from '../terminal-alert.ts';
import { elide, loadTextWidths, padEnd, padStart, wrapText } from '../text-layout.ts';
import { counted, grouped } from '../wording.ts';

/** Narrower terminals scroll; wider lines are hard to read. */
const MIN_WIDTH = 64;
const MAX_WIDTH = 200;
/** From so many rules on the alerts are listed again in short, where the terminal's cursor ends up. */
const OVERVIEW_FROM = 4;
const FACT_LINES = 3;
const FACT_LABEL_WIDTH = 13;

export const reporter: Reporter = {
  name: 'terminal',
  extension: 'txt',
  ownsExtension: true,
  description: 'a report for reading, in colour on a terminal',
  selfContained: true,
  prepare: loadTextWidths,
  render: (report, style) => printedPieces(reportPieces(report, style)),
};

function* reportPieces(report: ScanReport, style: ReportStyle): Iterable<string> {
  const canvas: Canvas = {
    paint: new Chalk({ level: style.colour ? 1 : 0 }),
    width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, style.width)),
  };
  const groups = ruleGroups(report);
  const shown = new ShownContext();
  let number = 1;
  for (const group of groups) {
    yield `${[...groupLines(group, number, shown, canvas)].join('\n')}\n\n`;
    number += group.alerts.length;
  }
  if (groups.length >= OVERVIEW_FROM) yield `${[...overviewLines(groups, canvas)].join('\n')}\n\n`;
  yield `${[...summaryLines(report, canvas)].join('\n')}\n`;
}

function* overviewLines(groups: readonly RuleGroup[], { paint, width }: Canvas): Iterable<string> {
  yield paint.bold('Rules that fired');
  const labels = groups.map((group) => levelLabel(group.rule.level));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const counts = groups.map((group) => grouped(group.count));
  const countWidth = Math.max(...counts.map((count) => count.length));
  for (const [i, group] of groups.entries()) {
    const label = padEnd(labels[i] ?? '', labelWidth);
    const computers = group.computers.length === 1 ? (group.computers[0] ?? '') : counted(group.computers.length, 'computer');
    const text = `${padStart(counts[i] ?? '', countWidth)}  ${visibleText(group.rule.title)}, ${visibleText(computers)}`;
    yield `  ${paintLevel(paint, group.rule.level)(label)}  ${elide(text, width - labelWidth - 4)}`;
  }
}

function* summaryLines(report: ScanReport, canvas: Canvas): Iterable<string> {
  yield canvas.paint.bold('Summary');
  for (const fact of summaryFacts(report)) yield* factLines(fact, canvas);
}

/** Short items are joined on wrapped lines, longer ones stand on lines of their own. */
const JOINED = new Set(['computers', 'channels', 'no rule for']);

function* factLines({ label, lines, attention }: Fact, { paint, width }: Canvas): Iterable<string> {
  const room = width - FACT_LABEL_WIDTH - 2;
  const items = JOINED.has(label) ? [lines.join(', ')] : lines;
  const wrapped = items.flatMap((item) => wrapText(visibleText(item), room, FACT_LINES));
  const paintLabel = attention ? paint.yellow : paint.dim;
  for (const [i, line] of wrapped.entries()) yield `  ${paintLabel(padEnd(i === 0 ? label : '', FACT_LABEL_WIDTH))}${line}`;
}
