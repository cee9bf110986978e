import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const heap = vi.hoisted(() => ({ newSpaceBytes: 0, flags: [] as string[] }));
vi.mock('node:v8', () => ({
  getHeapSpaceStatistics: () => [
    { space_name: 'old_space', space_size: 1e9 },
    { space_name: 'new_space', space_size: heap.newSpaceBytes },
  ],
  setFlagsFromString: (flag: string) => heap.flags.push(flag),
}));

const { boundYoungGeneration, inlineLess } = await import('../../src/commands/v8-settings.ts');

beforeEach(() => {
  vi.useFakeTimers();
  heap.flags = [];
});
afterEach(() => void vi.useRealTimers());

test('the young generation grows as it likes until it is large enough, and then no more', () => {
  boundYoungGeneration();
  heap.newSpaceBytes = 4e6;
  vi.advanceTimersByTime(1000);
  expect(heap.flags).toEqual([]);
  heap.newSpaceBytes = 33e6;
  vi.advanceTimersByTime(50);
  expect(heap.flags).toEqual(['--semi-space-growth-factor=1']);
  expect(vi.getTimerCount()).toBe(0);
});

test('while rule files are parsed, it is looked at every 64 of them', () => {
  const ruleFile = boundYoungGeneration();
  const parse = (files: number) => Array.from({ length: files }, ruleFile);
  heap.newSpaceBytes = 4e6;
  parse(64);
  heap.newSpaceBytes = 33e6;
  parse(63);
  expect(heap.flags).toEqual([]);
  parse(1);
  parse(200);
  vi.advanceTimersByTime(1000);
  expect(heap.flags).toEqual(['--semi-space-growth-factor=1']);
  expect(vi.getTimerCount()).toBe(0);
});

test('the compiler is told to inline less', () => {
  inlineLess();
  expect(heap.flags).toEqual(['--max-inlined-bytecode-size-cumulative=200']);
});
