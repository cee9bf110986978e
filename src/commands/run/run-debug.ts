/** The work of `winnow debug`. */
import { planText } from '../../debug/plan.ts';
import { recordText } from '../../debug/record.ts';
import { stageLines } from '../../debug/stages.ts';
import { loadCompiled } from '../../engine/rule-cache/load-compiled.ts';
import { readLogs } from '../../logs/open/read-logs.ts';
import { UsageError } from '../../model/errors.ts';
import { visibleText } from '../../report/sanitize.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { DebugFlags } from '../flags/debug-flags.ts';

export async function runDebug(context: CommandContext, { operands, flags }: CommandArgs<DebugFlags>): Promise<ExitCode> {
  const [what, ...paths] = operands;
  const print = (line: string): Promise<void> => context.stdout.write(`${visibleText(line)}\n`);
  switch (what) {
    case 'plan':
      for (const line of planText(loadCompiled(paths).ruleSet)) await print(line);
      return EXIT.done;
    case 'record': {
      const ruleSet = flags.rules.length === 0 ? null : loadCompiled(flags.rules).ruleSet;
      let lines: string[] = [];
      await readLogs(paths, (event, file) => {
        if (event.index === flags.index) lines = [...recordText(event, file, ruleSet)];
        return lines.length === 0;
      });
      for (const line of lines) await print(line);
      if (lines.length > 0) return EXIT.done;
      await context.stderr.write(`winnow debug: no log has a record at position ${flags.index}.\n`);
      return EXIT.input;
    }
    case 'stages':
      if (flags.rules.length === 0) throw new UsageError('debug stages needs rules: -r PATH.');
      for await (const line of stageLines(flags.rules, paths, context.clock)) await print(line);
      return EXIT.done;
    default:
      throw new UsageError(`debug shows "plan", "record" or "stages", not "${what}".`);
  }
}
