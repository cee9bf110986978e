import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { ruleFiles } from '../../../src/sigma/files/find.ts';

test.skipIf(!existsSync('/dev/zero'))('a device is no rule file', () => {
  expect(() => ruleFiles(['/dev/zero'])).toThrow(UsageError);
});
