/** Text that acts on terminals, browsers, spreadsheets and CI servers, and what shows that it acts no more. */
import { expect } from 'vitest';

export const HOSTILE =
  "\u001b]0;x\u0007\u009b31m\u202e\u2066\u200b\ufeff\u2028\r\n<script>alert(1)</script>;=cmd|'/c calc'!A0\t=1\n::error file=a::b\n##vso[task.x]@octocat org/repo#1\ud800\uffff";
/** Control characters other than line breaks, and what reorders or hides text. */
const UNSAFE = /(?![\n\t])[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
/** What GitHub Actions, Azure Pipelines and TeamCity run. */
const CI_COMMAND = /^\s*::.*::|##\w*\[/m;

/** `kind` is the ending of such files: csv, html, json, jsonl, md, or any other. */
export function expectHarmless(text: string, kind = ''): void {
  // Of the spreadsheet's byte order mark nothing is hostile.
  const shown = text.replace(/^\ufeff/, '');
  expect(UNSAFE.exec(shown)).toBeNull();
  expect(CI_COMMAND.exec(shown)).toBeNull();
  if (kind === 'csv')
    for (const separator of ',;\t') expect(shown.split(separator).filter((cell) => /^"*=/.test(cell))).toEqual([]);
  // Markdown shows what stands between backticks as it is.
  const outside = shown.replace(/`[^`]*`/g, '');
  if (kind === 'html' || kind === 'md') expect(outside).not.toMatch(/<\/?script/);
  if (kind === 'md') expect(outside).not.toMatch(/@octocat|org\/repo\\?#1/);
  if (kind === 'json') expect(() => JSON.parse(shown)).not.toThrow();
  if (kind === 'jsonl') for (const line of shown.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
}
