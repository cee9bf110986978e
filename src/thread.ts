/**
 * The context of this thread, with acceleration if `src/accel` is built in. `WINNOW_PLAIN=1` in the environment switches it off.
 */
import { env } from 'node:process';
import { newAccelerator } from './accelerator.generated.ts';
import { ThreadContext } from './engine/thread-context.ts';

export const thread = new ThreadContext(env.WINNOW_PLAIN === '1' ? () => null : newAccelerator);
