import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkVector, parseVectors } from './harness.ts';

const vectors = parseVectors(readFileSync(new URL('own-vectors.json', import.meta.url), 'utf8'));
/** `escape` of `own-escape-007`. */
const groupOf = (id: string): string => id.split('-')[1]!;

describe('our own test vectors', () => {
  for (const group of new Set(vectors.map(({ id }) => groupOf(id)))) {
    it(`all hold: ${group}`, () => {
      const ofGroup = vectors.filter(({ id }) => groupOf(id) === group);
      const faults = ofGroup.map((vector) => [vector.id, checkVector(vector)]).filter(([, fault]) => fault !== null);
      expect(faults).toEqual([]);
    });
  }

  it('have ids of their own', () => {
    expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
  });
});
