/**
 * What V8 is told when a scan begins, for the process and all its threads. Node 20 to 26 have these flags; V8 says on stderr when it
 * does not know one.
 */
import { availableParallelism } from 'node:os';
import { config } from 'node:process';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** As much as Node 20 takes. */
const ENOUGH_BYTES = 16 * 1024 * 1024;
const INTERVAL_MS = 50;

/** 920 otherwise. */
const INLINED_BYTES = 200;

/** In this time most of what is going to be hot has run often enough. */
const LATER_MS = 2000;

/** Rule files between two looks. */
const FILES = 64;

/**
 * How much memory V8 may take for objects that have just been made. Since Node 22 it lets that grow to 64 MB and more, because some of
 * them are always still in use when it looks. A scan gains nothing from it: the time is the same, the memory is not. Takes effect
 * once it has become large enough; never keeps the process alive. Gives what is to be called after each rule file: while they are
 * parsed, timers have to wait.
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
 * How many bytes of code the optimising compiler may copy into a function: it takes half the time then. Larger functions pay for
 * themselves after gigabytes, if at all; until then the compiler takes its time from threads that match. For when everything has been
 * loaded: V8 does not use compiled code that was kept under other flags, not even that of Node's own modules.
 */
export function inlineLess(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTES}`);
}

/**
 * Leaves the first two seconds to the compiler that is quick (Maglev; without it everything would run in the slowest code: Node 20
 * and 22). Only where threads take all processors: the one that optimises compiles for each of them, and would take its time from
 * them just when every function becomes hot.
 */
export function optimiseLater(threads: number, processors = availableParallelism(), quick = hasMaglev()): void {
  if (threads < 2 || threads < processors || !quick) return;
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), LATER_MS).unref();
}

function hasMaglev(): boolean {
  return Number((config.variables as { v8_enable_maglev?: unknown }).v8_enable_maglev) === 1;
}
