/** The work of `winnow migrate`: reads rule files, prints a diff of what they become or rewrites them. */

import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { type Migration, migrateText } from '../../migrate/migrate-text.ts';
import { unifiedDiff } from '../../migrate/unified-diff.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { messageOf } from '../../model/errors.ts';
import { printedLines, visibleText } from '../../report/sanitize.ts';
import { counted } from '../../report/wording.ts';
import { unreadable, visitRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import { ruleText } from '../../sigma/rule/load.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { MigrateFlags } from '../flags/migrate-flags.ts';
import { fromHere } from '../output/terminal.ts';
import { tell } from '../output/told.ts';

interface Changed extends Migration {
  readonly path: string;
  readonly before: string;
}

export async function runMigrate(context: CommandContext, { operands, flags }: CommandArgs<MigrateFlags>): Promise<ExitCode> {
  const { cwd, stdout, stderr } = context;
  const faults: Diagnostic[] = [];
  const left: Diagnostic[] = [];
  const changed: Changed[] = [];
  visitRuleFiles(
    operands.map((path) => fromHere(cwd, path)),
    ({ path, content, inArchive }) => {
      const text = Buffer.isBuffer(content) ? ruleText(path, content) : content;
      if (typeof text !== 'string') {
        faults.push(text);
        return;
      }
      const migration = migrateText(text, path, flags);
      left.push(...migration.diagnostics);
      if (migration.migrated === 0) return;
      if (inArchive) faults.push(unreadable(path, 'a file in an archive cannot be rewritten. Unpack it first.'));
      else if (!Buffer.from(text, 'utf8').equals(content as Buffer))
        faults.push(unreadable(path, 'only files in UTF-8 are rewritten.'));
      else changed.push({ ...migration, path, before: text });
    },
  );
  for (const { path, text, before } of changed) {
    if (flags.write) write(path, text, faults);
    else {
      const name = relative(cwd, resolve(path)).replaceAll('\\', '/');
      await stdout.write(printedLines(`${unifiedDiff(name, before, text).map(visibleLine).join('\n')}\n`));
    }
  }
  await tell(context, [...faults, ...left]);
  const rules = changed.reduce((sum, { migrated }) => sum + migrated, 0);
  const done = flags.write ? 'rewritten' : 'to rewrite (--write does it)';
  await stderr.write(
    `winnow migrate: ${counted(rules, 'rule')} in ${counted(changed.length, 'file')} ${done}, ${left.length} left as they are.\n`,
  );
  if (faults.some(({ severity }) => severity === 'error')) return EXIT.input;
  return left.length > 0 ? EXIT.findings : EXIT.done;
}

function write(path: string, text: string, faults: Diagnostic[]): void {
  try {
    writeFileAtomically(realpathSync(path), text);
  } catch (error) {
    faults.push(unreadable(path, `the file could not be rewritten: ${messageOf(error)}.`));
  }
}

/** A line of a diff is text from outside. Its tabs, and its carriage return at the end, are needed to apply it. */
function visibleLine(line: string): string {
  const end = line.endsWith('\r') ? '\r' : '';
  return (
    line
      .slice(0, line.length - end.length)
      .split('\t')
      .map(visibleText)
      .join('\t') + end
  );
}
