/** The formats of `winnow lint` by name. */
import type { LintFormat } from '../lint-report.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export const lintFormats = { text, json, sarif, github, junit } as const satisfies Record<string, LintFormat>;
