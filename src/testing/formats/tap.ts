/** TAP version 14. */
import { printedJson, visibleText } from '../../report/sanitize.ts';
import type { TestFormat, TestReport } from '../test-report.ts';

export const testFormat: TestFormat = {
  name: 'tap',
  render,
};

function* render({ outcomes }: TestReport): Iterable<string> {
  yield `TAP version 14\n1..${outcomes.length}\n`;
  for (const [i, { passed, name, rule, file, line, message, hint, falsePositive }] of outcomes.entries()) {
    const known =
      falsePositive === undefined ? '' : ` # ${falsePositive === 'matches' ? 'known false positive' : 'no longer matches'}`;
    yield `${passed ? 'ok' : 'not ok'} ${i + 1} - ${description(`${rule}: ${name}`)}${known}\n`;
    if (passed) continue;
    yield '  ---\n';
    // Every JSON string is also a YAML string.
    for (const [key, value] of Object.entries({ message, hint, at: `${file}:${line}` })) {
      if (value !== undefined) yield `  ${key}: ${printedJson(value)}\n`;
    }
    yield '  ...\n';
  }
}

/** Escapes the number sign, which would begin a directive (`# SKIP`). */
function description(text: string): string {
  return visibleText(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}
