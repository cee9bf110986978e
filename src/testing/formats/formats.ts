/** The formats of `winnow test` by name. */
import type { TestFormat } from '../test-report.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { tap } from './tap.ts';
import { text } from './text.ts';

export const testFormats = { text, json, junit, tap, github } as const satisfies Record<string, TestFormat>;
