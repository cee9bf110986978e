import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeShared, sharedRoot } from '../support/shared.ts';
import { checkVector, parseVectors } from './harness.ts';

describeShared('the Sigma test vectors', () => {
  it('all hold, for the reference evaluator and for the compiled matcher', () => {
    const vectors = parseVectors(readFileSync(join(sharedRoot, 'sigma', 'vectors.json'), 'utf8'));
    const faults = vectors.map((vector) => [vector.id, checkVector(vector)]).filter(([, fault]) => fault !== null);
    expect(faults).toEqual([]);
    expect(vectors).toHaveLength(453);
  });
});
