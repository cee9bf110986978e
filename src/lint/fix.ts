/**
 * Applies corrections. In: a text and the corrections for it. Out: the corrected text, and those that were applied. Of
 * overlapping corrections only the first is applied; the others are left for the next round.
 */
import type { LintFix, TextEdit } from './lint-rule.ts';

export function applyFixes(
  text: string,
  fixes: readonly LintFix[],
): { readonly text: string; readonly applied: readonly LintFix[] } {
  const taken: TextEdit[] = [];
  const applied: LintFix[] = [];
  for (const fix of fixes) {
    const { edits } = fix;
    if (
      edits.some((edit) =>
        taken.some((other) => (edit.start < other.end && other.start < edit.end) || edit.start === other.start),
      )
    )
      continue;
    taken.push(...edits);
    applied.push(fix);
  }
  return { text: applyEdits(text, taken), applied };
}

/** The edits must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let edited = text;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => b.start - a.start)) {
    edited = edited.slice(0, start) + replacement + edited.slice(end);
  }
  return edited;
}
