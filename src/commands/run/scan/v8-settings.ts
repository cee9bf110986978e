/**
 * Settings of V8 for a scan (one also for lint), for the process and all its threads. Node 20 to 26 have these flags. If V8 does not know one, it
 * prints a message on stderr.
 */
import { availableParallelism } from 'node:os';
import { config } from 'node:process';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The size that Node 20 uses. */
const ENOUGH_BYTES = 16 * 1024 * 1024;
const INTERVAL_MS = 50;

/** The default is 920. */
const INLINED_BYTES = 200;

/** The default is up to 300, where there are gigabytes of memory. With several threads, each has a heap. */
const GROWTH_PERCENT = 30;
const GROWTH_PERCENT_OF_SEVERAL = 20;

/** A scan that takes longer has read half a gigabyte of EVTX, or 150 MB of JSON. Heaps that could grow for longer stay larger. */
const LONG_SCAN_MS = 1000;

/** After this time, most functions that will be called often have been called often enough. */
const LATER_MS = 2000;

/** How many rule files are parsed between two checks. */
const FILES = 64;

/**
 * Limits the memory that V8 may use for newly made objects. Since Node 22 it grows to 64 MB and more, because some of these
 * objects are always still in use when V8 checks. A scan is not faster with it and only needs more memory. The setting takes
 * effect once that memory has become large enough, and never keeps the process alive. Returns a function to be called after
 * each rule file, because timers cannot run while rules are parsed.
 */
export function boundYoungGeneration(): () => void {
  let bounded = false;
  let files = 0;
  const look = (): void => {
    const size = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
    if (size < ENOUGH_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    bounded = true;
    clearInterval(timer);
  };
  const timer = setInterval(look, INTERVAL_MS);
  timer.unref();
  return () => {
    if (!bounded && ++files % FILES === 0) look();
  };
}

/**
 * Limits how many bytes of code the optimising compiler may copy into a function, which halves its time. Larger functions pay
 * off only after gigabytes, if at all, and until then the compiler takes time from threads that match. A run of lint is over
 * before they pay off: with it, SigmaHQ's rules take a fifth less. To be called when
 * everything is loaded, because V8 does not reuse compiled code that was kept under other flags, not even that of Node's own
 * modules.
 */
export function inlineLess(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTES}`);
}

/**
 * After a second, lets each thread's heap grow to only 1.3 times of what was in use when its garbage was last collected, or 1.2 times
 * where there are several. The default is up to four times after some gigabytes of logs. Collecting the garbage takes 30 ms each time, which a short scan need
 * not spend: its heap is small.
 */
export function collectSooner(threads: number): void {
  const percent = threads > 1 ? GROWTH_PERCENT_OF_SEVERAL : GROWTH_PERCENT;
  setTimeout(() => setFlagsFromString(`--heap-growing-percent=${percent}`), LONG_SCAN_MS).unref();
}

/**
 * Leaves the first two seconds to the fast compiler (Maglev; without it, as in Node 20 and 22, all code would stay in the
 * slowest form). Used only when threads occupy all processors: one thread optimises for all of them, and would take time from
 * them just when every function begins to be called often.
 */
export function optimiseLater(threads: number, processors = availableParallelism(), quick = hasMaglev()): void {
  if (threads < 2 || threads < processors || !quick) return;
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), LATER_MS).unref();
}

function hasMaglev(): boolean {
  return Number((config.variables as { v8_enable_maglev?: unknown }).v8_enable_maglev) === 1;
}
