import { chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getuid } from 'node:process';
import { describe, expect, test } from 'vitest';
import { findConfig, loadLintConfig } from '../../src/lint/find-config.ts';
import { nearestFile, PROJECT_NAMES } from '../../src/project/find-project.ts';
import { folderWith } from '../support/folder.ts';

const CONFIG = 'lint:\n    rules:\n        date-format: off\n';

const nearestConfig = (folder: string, home: string) => nearestFile(PROJECT_NAMES, folder, home);

/** Somebody who is neither root nor the user. */
const OTHER = 4242;

describe('the configuration of lint', () => {
  test('is the nearest one of the working directory and above, up to the repository', () => {
    const folder = folderWith({ '.winnow.yml': CONFIG, 'repo/.git/HEAD': '', 'repo/rules/a.yml': '', 'plain/rules/a.yml': '' });
    expect(nearestConfig(join(folder, 'plain/rules'), '/')).toBe(join(folder, '.winnow.yml'));
    expect(nearestConfig(join(folder, 'repo/rules'), '/')).toBe(null);
  });

  test('is not looked for above the home folder', () => {
    const folder = folderWith({ '.winnow.yml': CONFIG, 'home/rules/a.yml': '' });
    expect(nearestConfig(join(folder, 'home/rules'), join(folder, 'home'))).toBe(null);
  });

  test.skipIf(getuid?.() !== 0)('is not taken from a folder or a file of somebody else above', () => {
    const folder = folderWith({ 'theirs/.winnow.yml': CONFIG, 'theirs/rules/a.yml': '', 'shared/.winnow.yml': CONFIG });
    mkdirSync(join(folder, 'shared/rules'));
    chownSync(join(folder, 'theirs'), OTHER, OTHER);
    chownSync(join(folder, 'shared/.winnow.yml'), OTHER, OTHER);
    expect(nearestConfig(join(folder, 'theirs/rules'), dirname(folder))).toBe(null);
    expect(nearestConfig(join(folder, 'shared/rules'), dirname(folder))).toBe(null);
    // Who works there has chosen the folder.
    expect(nearestConfig(join(folder, 'theirs'), dirname(folder))).toBe(join(folder, 'theirs/.winnow.yml'));
  });

  test('is found from what is linted before it is found from the working directory', () => {
    const folder = folderWith({
      '.winnow.yml': CONFIG,
      'a/winnow.yml': CONFIG,
      'a/b/x.yml': '',
      'a/c/y.yml': '',
      'd/z.yml': '',
      'cwd/.winnow.yml': CONFIG,
    });
    const found = (...paths: readonly string[]) =>
      findConfig(
        null,
        join(folder, 'cwd'),
        paths.map((path) => join(folder, path)),
      );
    expect([found('a/b', 'a/c/y.yml'), found('a/b', 'd'), found()]).toEqual(
      ['a/winnow.yml', '.winnow.yml', 'cwd/.winnow.yml'].map((path) => join(folder, path)),
    );
  });

  test('is a file that ends', () => {
    expect(() => loadLintConfig('/dev/zero', '/')).toThrow(
      'the configuration file /dev/zero cannot be read (it is no regular file).',
    );
  });
});
