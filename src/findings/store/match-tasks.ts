/** The tasks whose matches a store holds, numbered as they come. For each: its file, and the number of its first record there. */
import type { Column } from './columns.ts';
import { Names } from './names.ts';

/** Where matches come from: a source, in the order in which the scan lists its sources, and the part of it that a task read. */
export interface MatchTask {
  readonly file: number;
  /** 0, 1, 2 ... by offset. Within a range, `event.index` counts from the range's first record. */
  readonly range: number;
}

export class MatchTasks {
  /** By id. */
  readonly list: MatchTask[] = [];
  /** By id: the index of the range's first record in its file. */
  readonly firstIndexes: number[] = [];
  /** By id: its file. */
  readonly files: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #fileNames = new Names();

  id(task: MatchTask): number {
    const key = `${task.file}:${task.range}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.list.length;
      this.list.push({ file: task.file, range: task.range });
      this.firstIndexes.push(0);
      this.#ids.set(key, id);
    }
    return id;
  }

  fileNumber(file: string): number {
    return this.#fileNames.id(file);
  }

  compare(a: number, b: number): number {
    const one = this.list[a]!;
    const other = this.list[b]!;
    return one.file - other.file || one.range - other.range;
  }

  /**
   * The rows of a column of task ids, sorted by file and range. Rows of one range stay in the order in which they came: the tasks
   * of several threads come in turns, but each of them in order.
   */
  positions(tasks: Column): Uint32Array {
    const ids = Uint32Array.from(this.list.keys());
    ids.sort((a, b) => this.compare(a, b));
    const next = new Uint32Array(ids.length);
    for (let position = 0; position < tasks.length; position++) next[tasks.at(position)]!++;
    let start = 0;
    for (const id of ids) {
      const count = next[id]!;
      next[id] = start;
      start += count;
    }
    const positions = new Uint32Array(tasks.length);
    for (let position = 0; position < positions.length; position++) positions[next[tasks.at(position)]!++] = position;
    return positions;
  }
}
