import { expect, it } from 'vitest';
import { fuzz } from './evtx.ts';

/** `test/fuzz/evtx.ts` itself runs as long as one likes. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 4);

it('reads mutated, truncated and random logs without a crash, a hang or growing memory', { timeout: 180_000 }, () => {
  const { inputs, events, damaged, earlyBytes, lastBytes } = fuzz({ count: 100_000, seconds: SECONDS, seed: 20_261_124 });
  expect(inputs).toBeGreaterThan(2000);
  expect(events).toBeGreaterThan(1000);
  expect(damaged).toBeGreaterThan(1000);
  expect(lastBytes - earlyBytes).toBeLessThan(300 << 20);
});
