/**
 * Turns findings into what an editor shows. In: findings of lint, or diagnostics about files of other kinds, and the text. Out:
 * diagnostics with ranges, and the corrections that are offered at a place.
 */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { applyFixes } from '../lint/fix.ts';
import type { LintFinding } from '../lint/lint.ts';
import type { Severity } from '../model/diagnostic.ts';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export function shownFinding(finding: LintFinding, document: TextDocument): Diagnostic {
  const { code, severity, message, hint } = finding;
  return {
    range: rangeOf(finding, document),
    severity: SEVERITIES[severity],
    code,
    source: 'winnow',
    message: hint === undefined ? message : `${message}\n${hint}`,
  };
}

/** The text that a finding is about, up to the end of the line where the finding has no end. */
export function rangeOf({ place, end }: LintFinding, document: TextDocument): Range {
  const start = { line: (place.line ?? 1) - 1, character: (place.column ?? 1) - 1 };
  if (end !== undefined) return { start, end: { line: end.line - 1, character: end.column - 1 } };
  const line = document.getText({ start: { line: start.line, character: 0 }, end: { line: start.line + 1, character: 0 } });
  const length = line.replace(/\s+(?:#.*)?\s*$/, '').length;
  return { start, end: { line: start.line, character: Math.max(length, start.character) } };
}

/** Corrections for the findings in a range, a comment that switches each off, and all corrections at once. */
export function correctionsAt(range: Range, findings: readonly LintFinding[], document: TextDocument): readonly CodeAction[] {
  const here = findings.filter((finding) => overlap(rangeOf(finding, document), range));
  const corrections = here.flatMap((finding): CodeAction[] => {
    if (finding.fix === undefined) return [];
    const { title, edits } = finding.fix;
    return [
      action(
        capital(title),
        CodeActionKind.QuickFix,
        document,
        edits.map(({ start, end, text }) => ({ range: between(document, start, end), newText: text })),
        [finding],
      ),
    ];
  });
  const comments = here.filter(({ code, severity }) => severity !== 'error' || !code.startsWith('rule/'));
  return [...corrections, ...comments.map((finding) => comment(finding, document)), ...allCorrections(findings, document)];
}

function overlap(a: Range, b: Range): boolean {
  const isBefore = (one: Range, other: Range): boolean =>
    one.end.line < other.start.line || (one.end.line === other.start.line && one.end.character < other.start.character);
  return !isBefore(a, b) && !isBefore(b, a);
}

function between(document: TextDocument, start: number, end: number): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function action(
  title: string,
  kind: CodeActionKind,
  document: TextDocument,
  edits: TextEdit[],
  of: readonly LintFinding[],
): CodeAction {
  return {
    title,
    kind,
    diagnostics: of.map((finding) => shownFinding(finding, document)),
    edit: { changes: { [document.uri]: edits } },
  };
}

/** Adds a comment above the line, with the indentation of the line, that switches the finding off. */
function comment(finding: LintFinding, document: TextDocument): CodeAction {
  const start = { line: (finding.place.line ?? 1) - 1, character: 0 };
  const indent = /^[ \t]*/.exec(document.getText({ start, end: { line: start.line + 1, character: 0 } }))![0];
  const newText = `${indent}# winnow-disable-next-line ${finding.code}\n`;
  return action(
    `Switch off ${finding.code} for this line`,
    CodeActionKind.QuickFix,
    document,
    [{ range: { start, end: start }, newText }],
    [finding],
  );
}

function allCorrections(findings: readonly LintFinding[], document: TextDocument): readonly CodeAction[] {
  const fixes = findings.flatMap(({ fix }) => fix ?? []);
  if (fixes.length === 0) return [];
  const { text, applied } = applyFixes(document.getText(), fixes);
  const range = between(document, 0, document.getText().length);
  const title = `Correct all that can be corrected safely (${applied.length})`;
  return [action(title, `${CodeActionKind.SourceFixAll}.winnow`, document, [{ range, newText: text }], [])];
}
