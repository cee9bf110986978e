/**
 * The report for reading in a terminal: an overview, the incidents, then the account of the scan; with `full`, the alerts as
 * well.
 */
import { Chalk } from 'chalk';
import { ShownContext } from '../context/shown-context.ts';
import type { Reporter, ReportStyle, ScanReport } from '../reporter.ts';
import { type RuleGroup, ruleGroups } from '../rule-groups.ts';
import { printedPieces, visibleText } from '../sanitize.ts';
import { type Fact, shippedText, summaryFacts } from '../summary-facts.ts';
import { type Canvas, groupLines, levelLabel, paintLevel } from '../terminal/alert-lines.ts';
import { headLines } from '../terminal/head-lines.ts';
import { incidentViews } from '../terminal/incident-view.ts';
import { sectionLines } from '../terminal/section-lines.ts';
import { elide, loadTextWidths, padEnd, padStart, textWidth, wrapText } from '../text-layout.ts';
import { counted, grouped } from '../wording.ts';

/** The least width used. In narrower terminals, lines are not wrapped to the real width, because they would be hard to read. */
const MIN_WIDTH = 64;
const MAX_WIDTH = 200;
/** From this many rules on, a short list of the alerts is repeated at the end, where the reader looks first. */
const OVERVIEW_FROM = 4;
const RULES_IN_BRIEF = 10;
/** Beyond it the report has several pages. */
const MANY_INCIDENTS = 10;
const FACT_LINES = 5;
const FACT_LABEL_WIDTH = 13;

export const reporter: Reporter = {
  name: 'terminal',
  extension: 'txt',
  // Its head, after a note about rules if there is one; its summary when nothing matched.
  begins: /^(?:(?:[^\n<{]*\n){0,8}?[\d,]+ incidents? on [\d,]+ computers?: [\d,]+ of [\d,]+ events? |Summary\n {2}[a-z])/,
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
  const { full = false, brief = false, by = 'incident' } = style;
  if (report.incidents.length === 0) {
    yield `${[...summaryLines(summaryFacts(report), canvas)].join('\n')}\n`;
    return;
  }
  const views = incidentViews(report);
  const shipped = shippedText(report.summary).flatMap((text) => wrapText(text, canvas.width));
  if (shipped.length > 0) yield `${shipped.map((line) => canvas.paint.bold.yellow(line)).join('\n')}\n\n`;
  yield `${[...headLines(report, views, canvas)].join('\n')}\n`;
  if (brief) yield* worstRules(report, canvas);
  else {
    // Incidents need no blank line between them, because their headings stand out, and more fit on a page.
    const dense = !full && by !== 'rule';
    let first = true;
    for (const lines of sectionLines(report, views, by, full, canvas)) {
      yield `${first || !dense ? '\n' : ''}${[...lines].join('\n')}\n`;
      first = false;
    }
  }
  if (full && !brief) yield* alertPieces(report, canvas);
  const facts = summaryFacts(report);
  if (full) yield `\n${[...summaryLines(facts, canvas)].join('\n')}\n`;
  else {
    const told = readAndRules(facts.filter(({ label }) => SHORT_FACTS.has(label)).map(firstLine), canvas);
    yield `\n${[...told, nextFact(style, report.incidents.length)].flatMap((fact) => [...factLines(fact, canvas)]).join('\n')}\n`;
  }
}

/** Labels of the facts that are shown without --full. The other facts are in the overview or not urgent. */
const SHORT_FACTS = new Set(['read', 'rules', 'left out', 'no rule for']);

function firstLine({ label, lines, attention }: Fact): Fact {
  return { label, lines: JOINED.has(label) || label === 'left out' ? lines : lines.slice(0, 1), attention };
}

/** What was read and what with are one line where they fit. */
function readAndRules(facts: readonly Fact[], { width }: Canvas): readonly Fact[] {
  const [read, rules, ...others] = facts;
  if (read?.label !== 'read' || rules?.label !== 'rules') return facts;
  const line = `${read.lines[0]} · rules: ${rules.lines[0]!.replace(/ rules? in /, ' in ')}`;
  return textWidth(line) > width - FACT_LABEL_WIDTH - 2 ? facts : [{ ...read, lines: [line] }, ...others];
}

function nextFact({ full = false, brief = false }: ReportStyle, incidents: number): Fact {
  const lines = [
    ...(brief ? ['without --brief: the incidents'] : full ? [] : ['--full: why, and what happened before']),
    '-o report.html: to hand on',
    'winnow show ID LOGS: an event whole',
    ...(brief || full || incidents <= MANY_INCIDENTS ? [] : ['--brief: a page']),
  ];
  return { label: 'next', lines: [lines.join(' · ')], attention: false };
}

/** Alerts by rule, the most severe first, each with the look-back. */
function* alertPieces(report: ScanReport, canvas: Canvas): Iterable<string> {
  const groups = ruleGroups(report);
  const shown = new ShownContext(report.alerts);
  let number = 1;
  yield `\n${canvas.paint.bold('Alerts')}\n\n`;
  for (const group of groups) {
    yield `${[...groupLines(group, number, shown, canvas)].join('\n')}\n\n`;
    number += group.alerts.length;
  }
  if (groups.length >= OVERVIEW_FROM) yield `${[...overviewLines(groups, canvas)].join('\n')}\n`;
}

/** The most severe rules, for those who ask first what fired. */
function* worstRules(report: ScanReport, canvas: Canvas): Iterable<string> {
  const groups = ruleGroups(report);
  if (groups.length === 0) return;
  yield `\n${[...overviewLines(groups.slice(0, RULES_IN_BRIEF), canvas)].join('\n')}\n`;
  const rest = groups.length - RULES_IN_BRIEF;
  if (rest > 0) yield `${canvas.paint.dim(`  and ${counted(rest, 'rule')} more; --by rule has them`)}\n`;
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

function* summaryLines(facts: readonly Fact[], canvas: Canvas): Iterable<string> {
  yield canvas.paint.bold('Summary');
  for (const fact of facts) yield* factLines(fact, canvas);
}

/** Facts whose short items are joined on wrapped lines. Longer items get lines of their own. */
const JOINED = new Set(['computers', 'channels', 'no rule for']);

function* factLines({ label, lines, attention }: Fact, { paint, width }: Canvas): Iterable<string> {
  const room = width - FACT_LABEL_WIDTH - 2;
  const items = JOINED.has(label) ? [lines.join(', ')] : lines;
  const wrapped = items.flatMap((item) => wrapText(visibleText(item), room, FACT_LINES));
  const paintLabel = attention ? paint.yellow : paint.dim;
  for (const [i, line] of wrapped.entries()) yield `  ${paintLabel(padEnd(i === 0 ? label : '', FACT_LABEL_WIDTH))}${line}`;
}
