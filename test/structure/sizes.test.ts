/** A file is read at once, a folder is looked over at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles, src } from './parts.ts';

const MOST_LINES = 400;
const MOST_FILES = 15;
/** Beside registries: a file for each verb. */
const BY_VERB = ['commands/flags', 'commands/run'];

const files = sourceFiles(src).filter((file) => !file.includes('.generated.'));

test(`no file is longer than ${MOST_LINES} lines`, () => {
  const lines = (file: string): number => readFileSync(file, 'utf8').trimEnd().split('\n').length;
  expect(files.filter((file) => lines(file) > MOST_LINES).map((file) => `${relative(src, file)} ${lines(file)}`)).toEqual([]);
});

test(`no folder has more than ${MOST_FILES} files, but for those with a file for each member`, () => {
  const folders = new Set(files.map((file) => dirname(file)));
  const isRegistry = (folder: string): boolean =>
    readdirSync(folder).includes('registry.generated.ts') || BY_VERB.includes(relative(src, folder).replaceAll('\\', '/'));
  const size = (folder: string): number => files.filter((file) => dirname(file) === folder).length;
  const full = [...folders].filter((folder) => !isRegistry(folder) && size(folder) > MOST_FILES);
  expect(full.map((folder) => `${relative(src, join(folder))} ${size(folder)}`)).toEqual([]);
});
