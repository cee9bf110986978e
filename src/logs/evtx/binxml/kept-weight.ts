/** How much is kept with the layouts of this thread, in nodes of their trees: what bounds it. */
export class KeptWeight {
  nodes = 0;

  /** Something of about this many nodes is kept with a layout. */
  charge(nodes: number): void {
    this.nodes += nodes;
  }

  /** Keeps something that weighs about `nodes` with a layout, in front of what is kept there already: at most `most`. */
  keepFirst<T>(kept: T[], one: T, most: number, nodes: number): void {
    if (kept.length === most) kept.pop();
    else this.charge(nodes);
    kept.unshift(one);
  }
}

/** The thread's own, with its catalog. */
export const keptWeight = new KeptWeight();
