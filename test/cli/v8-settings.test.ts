import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const heap = vi.hoisted(() => ({ newSpaceBytes: 0, flags: [] as string[] }));
vi.mock('node:v8', () => ({
  getHeapSpaceStatistics: () => [
    { space_name: 'old_space', space_size: 1e9 },
    { space_name: 'new_space', space_size: heap.newSpaceBytes },
  ],
  setFlagsFromString: (flag: string) => heap.flags.push(flag),
}));

const { boundYoungGeneration, collectSooner, inlineLess, optimiseLater } = await import(
  '../../src/commands/run/scan/v8-settings.ts'
);

beforeEach(() => {
  vi.useFakeTimers();
  heap.flags = [];
});
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

const [STAYS, GROWS] = [1, 2].map((factor) => `--semi-space-growth-factor=${factor}`);

test.each([
  [false, 8e6],
  [true, 16e6],
])(
  'the young generation grows when logs are read (text: %s), until it is large enough, and again after it has shrunk',
  (text, enough) => {
    const { reading } = boundYoungGeneration();
    heap.newSpaceBytes = 2e6;
    vi.advanceTimersByTime(1000);
    expect(heap.flags).toEqual([STAYS]);
    reading(text);
    vi.advanceTimersByTime(1000);
    expect(heap.flags).toEqual([STAYS, GROWS]);
    heap.newSpaceBytes = enough / 2 + 1;
    vi.advanceTimersByTime(1000);
    expect(heap.flags).toEqual([STAYS, GROWS]);
    heap.newSpaceBytes = enough;
    vi.advanceTimersByTime(1000);
    expect(heap.flags).toEqual([STAYS, GROWS, STAYS]);
    heap.newSpaceBytes = 1e6;
    vi.advanceTimersByTime(1000);
    expect(heap.flags).toEqual([STAYS, GROWS, STAYS, GROWS]);
  },
);

test('while rule files are parsed, it is looked at every 16 of them', () => {
  const { ruleFile } = boundYoungGeneration();
  const parse = (files: number) => Array.from({ length: files }, ruleFile);
  heap.newSpaceBytes = 2e6;
  parse(15);
  expect(heap.flags).toEqual([STAYS]);
  parse(1);
  expect(heap.flags).toEqual([STAYS, GROWS]);
  heap.newSpaceBytes = 8e6;
  parse(200);
  expect(heap.flags).toEqual([STAYS, GROWS, STAYS]);
});

test('the compiler is told to inline less', () => {
  inlineLess();
  expect(heap.flags).toEqual(['--max-inlined-bytecode-size-cumulative=200']);
});

test.each([
  [1, 30],
  [2, 20],
])('in a long scan with %i threads old garbage is collected when there is %i %% of what is in use', (threads, percent) => {
  collectSooner(threads);
  vi.advanceTimersByTime(999);
  expect(heap.flags).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(heap.flags).toEqual([`--heap-growing-percent=${percent}`]);
});

test('where threads take all processors, the slow compiler begins two seconds later', () => {
  optimiseLater(2, 2, true);
  expect(heap.flags).toEqual(['--no-opt']);
  vi.advanceTimersByTime(1999);
  expect(heap.flags).toEqual(['--no-opt']);
  vi.advanceTimersByTime(1);
  expect(heap.flags).toEqual(['--no-opt', '--opt']);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['there is one thread', 1, 1, true],
  ['a processor is left for it', 2, 4, true],
  ['there is no other compiler', 2, 2, false],
])('it begins at once where %s', (_, threads, processors, quick) => {
  optimiseLater(threads, processors, quick);
  expect(heap.flags).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
