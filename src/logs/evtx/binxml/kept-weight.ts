/** Counts how much is kept with the layouts of this thread, in nodes of their trees, so that it can be bounded. */
export class KeptWeight {
  nodes = 0;

  /** Adds something of about this many nodes. */
  charge(nodes: number): void {
    this.nodes += nodes;
  }
}
