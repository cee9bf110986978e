/** Diagnostics on standard error, a line each. In: diagnostics, and what stands before each. Their texts may come from logs and rules. */
import { type Diagnostic, formatDiagnostic } from '../../model/diagnostic.ts';
import { visibleText } from '../../report/sanitize.ts';
import type { CommandContext } from '../command.ts';

export async function tell(
  { stderr }: Pick<CommandContext, 'stderr'>,
  diagnostics: readonly Diagnostic[],
  before = '',
): Promise<void> {
  for (const one of diagnostics) await stderr.write(`${before}${visibleText(formatDiagnostic(one))}\n`);
}
