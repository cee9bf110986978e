/** How much is kept with the layouts of this thread, in nodes of their trees: what bounds it. */
export class KeptWeight {
  nodes = 0;

  /** Something of about this many nodes is kept with a layout. */
  charge(nodes: number): void {
    this.nodes += nodes;
  }
}
