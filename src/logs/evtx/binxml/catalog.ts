/**
 * What one thread has learned of logs, whatever chunk it came from: names, plans (template definitions) and layouts (what a
 * record is made of). Bounded: past a limit all of it is forgotten at once, between two chunks.
 */
import type { Shape } from '../../../model/event.ts';
import type { AtomPlace } from '../../atom-table.ts';
import { makeShape, type ShapeEntry } from '../../shape.ts';
import { MAX_KEPT_DEFINITION_BYTES, MAX_KEPT_LAYOUTS, MAX_KEPT_NODES, MAX_KEPT_PLANS } from '../limits.ts';
import type { Renderer } from '../render/renderer.ts';
import { compileFields, type Special } from './fields.ts';
import { KeptWeight } from './kept-weight.ts';
import { Names } from './names.ts';
import { type Structure, wantsValues } from './structure.ts';
import { type Part, TreeBuilder } from './tree.ts';

/** A template, once per structure: the same template has other bytes in every chunk, since names move. */
export class Plan {
  readonly id: number;
  readonly ops: Int32Array;
  /** Substitutions that name fields. Layouts then depend on values, and the fast path does not apply. */
  readonly dynamicNames: readonly number[];
  /** Layouts of records with this plan innermost and nothing else nested: what the fast path looks through. */
  readonly layouts: Layout[] = [];
  roots: readonly Part[] | null = null;

  constructor(id: number, ops: Int32Array, dynamicNames: readonly number[]) {
    this.id = id;
    this.ops = ops;
    this.dynamicNames = dynamicNames;
  }

  /** Asked only of records that bring none. */
  get wantsValues(): boolean {
    return wantsValues(this.ops);
  }
}

/** What a record is made of: its fields, and how to read them. */
export class Layout {
  readonly weight: KeptWeight;
  readonly shape: Shape;
  readonly ops: Int32Array;
  readonly roots: readonly Part[];
  /** Slot -> access code, see `fields.ts`. */
  readonly access: Int32Array;
  readonly specials: readonly Special[];
  /** By number of the value: what it was in the last record of this layout that was looked at. */
  readonly places: (AtomPlace | undefined)[] = [];
  /** The fast path's key: outer plan, its value count, the value that holds the inner instance (-1: none), its value count. */
  outer: Plan | null = null;
  outerCount = 0;
  nestedIndex = -1;
  innerCount = 0;
  /** Belongs to the writers: what they compiled for this layout. */
  json: Renderer | null = null;
  xml: Renderer | null = null;

  constructor(
    weight: KeptWeight,
    shape: Shape,
    ops: Int32Array,
    roots: readonly Part[],
    access: Int32Array,
    specials: readonly Special[],
  ) {
    this.weight = weight;
    this.shape = shape;
    this.ops = ops;
    this.roots = roots;
    this.access = access;
    this.specials = specials;
  }
}

/**
 * A definition as its bytes stood in some chunk, where (-1: that does not matter), and the names that it refers to outside of
 * itself.
 */
interface SeenDefinition {
  readonly bytes: Buffer;
  readonly start: number;
  readonly outsideNames: readonly { readonly offset: number; readonly id: number }[];
  readonly plan: Plan;
}

/** Definitions with one fingerprint looked through before one is walked instead. */
const MAX_VARIANTS = 8;

export class Catalog {
  /** How much is kept with layouts. */
  readonly weight = new KeptWeight();
  names = new Names();
  /** Changes when everything has been forgotten: ids of before mean nothing. */
  generation = 0;
  #plans: Plan[] = [];
  #plansByHash = new Map<number, Plan[]>();
  #layouts = 0;
  #layoutsByHash = new Map<number, Layout[]>();
  #seen = new Map<number, SeenDefinition[]>();
  #seenBytes = 0;
  // Not forgotten with the rest: matchers keep what they know of a shape by its id.
  readonly #shapes = new Map<string, Shape>();
  #builder = new TreeBuilder(this.names, (plan) => this.#rootsOf(plan));

  /** To be called between chunks. */
  trim(): void {
    if (this.#seenBytes > MAX_KEPT_DEFINITION_BYTES) this.#forgetSeen();
    if (
      !this.names.isFull &&
      this.#plans.length <= MAX_KEPT_PLANS &&
      this.#layouts <= MAX_KEPT_LAYOUTS &&
      this.weight.nodes <= MAX_KEPT_NODES
    )
      return;
    this.#forgetSeen();
    this.names = new Names();
    this.generation++;
    this.#plans = [];
    this.#plansByHash = new Map();
    this.#layouts = 0;
    this.weight.nodes = 0;
    this.#layoutsByHash = new Map();
    this.#builder = new TreeBuilder(this.names, (plan) => this.#rootsOf(plan));
    if (this.#shapes.size > MAX_KEPT_LAYOUTS) this.#shapes.clear();
  }

  #forgetSeen(): void {
    this.#seen = new Map();
    this.#seenBytes = 0;
  }

  seenDefinitions(key: number): readonly SeenDefinition[] | undefined {
    return this.#seen.get(key);
  }

  rememberDefinition(key: number, bytes: Buffer, start: number, outsideNames: SeenDefinition['outsideNames'], plan: Plan): void {
    const list = this.#seen.get(key);
    if (list !== undefined && list.length >= MAX_VARIANTS) list.shift();
    const seen = { bytes: Buffer.from(bytes), start, outsideNames, plan };
    if (list === undefined) this.#seen.set(key, [seen]);
    else list.push(seen);
    this.#seenBytes += bytes.length;
  }

  planOf(structure: Structure, dynamicNames: readonly number[]): Plan {
    const hash = structure.hash();
    let list = this.#plansByHash.get(hash);
    if (list === undefined) {
      list = [];
      this.#plansByHash.set(hash, list);
    }
    for (const plan of list) if (structure.equals(plan.ops)) return plan;
    const plan = new Plan(this.#plans.length, structure.copy(), dynamicNames);
    this.#plans.push(plan);
    list.push(plan);
    return plan;
  }

  /** The layout of a record's structure; null when its tree is too large. `nodes` is told what a new one cost. */
  layoutOf(structure: Structure, nodes: (count: number) => boolean): Layout | null {
    const hash = structure.hash();
    let list = this.#layoutsByHash.get(hash);
    if (list === undefined) {
      list = [];
      this.#layoutsByHash.set(hash, list);
    }
    for (const layout of list) if (structure.equals(layout.ops)) return layout;
    if (!nodes(0)) return null;
    const ops = structure.copy();
    const roots = this.#builder.build(ops);
    this.weight.charge(this.#builder.nodes);
    if (!nodes(this.#builder.nodes) || roots === null) return null;
    const { entries, access, specials } = compileFields(roots);
    const layout = new Layout(this.weight, this.#shapeOf(entries), ops, roots, access, specials);
    this.#layouts++;
    list.push(layout);
    return layout;
  }

  /** One shape for all layouts with the same fields in the same order, whatever their values come from. */
  #shapeOf(entries: readonly ShapeEntry[]): Shape {
    const key = JSON.stringify(entries.map(({ name, section }) => (section === 'system' ? name : ` ${name}`)));
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = makeShape(entries);
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  #rootsOf(id: number): readonly Part[] {
    const plan = this.#plans[id]!;
    // Definitions hold no instances, so a builder of its own ends.
    if (plan.roots === null) {
      const builder = new TreeBuilder(this.names, () => []);
      plan.roots = builder.build(plan.ops) ?? [];
      this.weight.charge(builder.nodes);
    }
    return plan.roots;
  }
}
