/** The work of `winnow rules`: loads rules as a scan would, applies its filters and tuning, and writes what is there. */
import { navigatorLayer } from '../../../report/other-tools/navigator-layer.ts';
import { printedJson, printedJsonLines, printedPieces } from '../../../report/sanitize.ts';
import { loadTextWidths } from '../../../report/text-layout.ts';
import { counted } from '../../../report/wording.ts';
import { utcDay } from '../../../scan/options.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../../command.ts';
import type { RulesFlags } from '../../flags/rules-flags.ts';
import { streamOutput } from '../../output/output-file.ts';
import { fromHere } from '../../output/terminal.ts';
import { tell } from '../../output/told.ts';
import { readLogSourceOptions, readTuning, readValues } from '../rule-context.ts';
import { checkRuleFilter, ruleFilter } from '../scan/rule-filter.ts';
import { shippedRules } from '../scan/scan-engine.ts';
import { catalogList, catalogObjects, catalogText, type Selection } from './catalog-text.ts';
import { ruleCatalog } from './rule-catalog.ts';

export async function runRules(context: CommandContext, { flags }: CommandArgs<RulesFlags>): Promise<ExitCode> {
  const { cwd, stdout } = context;
  const shipped = flags.rules.length === 0;
  const paths = shipped ? [shippedRules(cwd)] : flags.rules.map((path) => fromHere(cwd, path));
  const catalog = ruleCatalog(paths, {
    values: readValues(cwd, flags.values),
    logSources: readLogSourceOptions(cwd, flags),
    tuning: readTuning(cwd, flags.tune),
    today: utcDay(),
  });
  const used = catalog.rules.filter(({ unused }) => unused === null);
  checkRuleFilter(
    flags,
    used.map(({ rule }) => rule),
  );
  const test = ruleFilter(flags);
  const selected = used.filter(({ rule, off }) => !off && (test === null || test(rule)));
  const selection: Selection = { catalog, selected, shipped, filtered: test !== null };
  await loadTextWidths();
  await streamOutput(stdout).save(piecesOf(flags.format, selection, stdout.columns));
  await tell(context, catalog.diagnostics, 'winnow: ');
  return used.length === 0 ? EXIT.ruleUnusable : EXIT.done;
}

function piecesOf(
  format: CommandArgs<RulesFlags>['flags']['format'],
  selection: Selection,
  width: number,
): Iterable<string | Uint8Array> {
  const { selected } = selection;
  switch (format) {
    case 'list':
      return printedPieces(catalogList(selected));
    case 'jsonl':
      return printedJsonLines(catalogObjects(selection));
    case 'navigator': {
      const counts = selected.map(({ rule }) => ({ rule, count: 1, incidents: [] }));
      return [`${printedJson(navigatorLayer(counts, counted(selected.length, 'Sigma rule')), 2)}\n`];
    }
    default:
      return printedPieces(catalogText(selection, width));
  }
}
