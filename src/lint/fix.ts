/**
 * Applies corrections. In: a text and the corrections for it. Out: the corrected text, and how many were applied. Of
 * overlapping corrections only the first is applied; the others are left for the next round.
 */
import type { LintFix, TextEdit } from './lint-rule.ts';

export function applyFixes(text: string, fixes: readonly LintFix[]): { readonly text: string; readonly applied: number } {
  const taken: TextEdit[] = [];
  let applied = 0;
  for (const { edits } of fixes) {
    if (
      edits.some((edit) =>
        taken.some((other) => (edit.start < other.end && other.start < edit.end) || edit.start === other.start),
      )
    )
      continue;
    taken.push(...edits);
    applied++;
  }
  let fixed = text;
  for (const { start, end, text: replacement } of taken.sort((a, b) => b.start - a.start)) {
    fixed = fixed.slice(0, start) + replacement + fixed.slice(end);
  }
  return { text: fixed, applied };
}
