/**
 * Settings of V8 for a scan (one also for lint), for the process and all its threads. Node 20 to 26 have these flags. If V8 does not know one, it
 * prints a message on stderr.
 */
import { availableParallelism } from 'node:os';
import { config } from 'node:process';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** From here on it does not grow: it doubles, so this means 8 MB, and 16 MB. V8 does not always report a whole one as 8 MB. */
const ENOUGH_BYTES = 6 * 1024 * 1024;
/** More objects of text logs live until their record ends, and in 8 MB V8 has to look for them twice as often. */
const ENOUGH_BYTES_FOR_TEXT = 12 * 1024 * 1024;
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
const FILES = 16;

/**
 * Limits the memory that V8 may use for newly made objects to 8 MB, or 16 MB where logs are text. Left alone, it grows to 32 MB,
 * since Node 22 to 64 MB and more, because some of these objects are always still in use when V8 checks. A scan is not faster
 * with it: in 8 MB no more objects of EVTX outlive their check. To be called before rules are read, because those from the cache
 * come in one piece, during which nobody can check. Until then and meanwhile it does not grow at all.
 */
export function boundYoungGeneration(): {
  /** To be called after each rule file: while they are parsed, timers cannot run. */
  readonly ruleFile: () => void;
  /** To be called when logs are about to be read. Checks from time to time, and never keeps the process alive. */
  readonly reading: (someAreText: boolean) => void;
} {
  let enough = ENOUGH_BYTES;
  let grows = false;
  let files = 0;
  const letGrow = (): void => setFlagsFromString(`--semi-space-growth-factor=${grows ? 2 : 1}`);
  const look = (): void => {
    const size = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
    // V8 makes it smaller where little happens, as when a disk is slow: then it may grow again.
    if (grows === size < enough) return;
    grows = !grows;
    letGrow();
  };
  letGrow();
  return {
    ruleFile: () => {
      if (++files % FILES === 0) look();
    },
    reading: (someAreText) => {
      if (someAreText) enough = ENOUGH_BYTES_FOR_TEXT;
      setInterval(look, INTERVAL_MS).unref();
    },
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
