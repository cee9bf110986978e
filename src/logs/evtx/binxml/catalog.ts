/**
 * What one thread has learned from logs, across chunks: names, plans (template definitions) and layouts (what records are made
 * of). In: structures. Out: the plan or layout for a structure. Bounded: beyond a limit everything is forgotten at once, between
 * two chunks.
 */
import type { Shape } from '../../../model/event.ts';
import { getOrInsert } from '../../../model/values/maps.ts';
import type { AtomPlace } from '../../atom-table.ts';
import { makeShape, type ShapeEntry } from '../../shape.ts';
import { MAX_KEPT_DEFINITION_BYTES, MAX_KEPT_LAYOUTS, MAX_KEPT_NODES, MAX_KEPT_PLANS } from '../limits.ts';
import type { Renderer } from '../render/renderer.ts';
import { compileFields, type Special } from './fields.ts';
import { KeptWeight } from './kept-weight.ts';
import { Names } from './names.ts';
import { type Structure, wantsValues } from './structure.ts';
import { type Part, TreeBuilder } from './tree.ts';

/** A template definition, kept once per structure. Its bytes differ from chunk to chunk, because the offsets of names differ. */
export class Plan {
  readonly id: number;
  readonly ops: Int32Array;
  /** Substitutions that hold names of fields. Layouts then depend on values, and the short way cannot be used. */
  readonly dynamicNames: readonly number[];
  /** Layouts of records that have this plan innermost and nothing else nested. The short way searches these. */
  readonly layouts: Layout[] = [];
  roots: readonly Part[] | null = null;

  constructor(id: number, ops: Int32Array, dynamicNames: readonly number[]) {
    this.id = id;
    this.ops = ops;
    this.dynamicNames = dynamicNames;
  }

  /** Whether the template uses values. Only asked for records that bring none. */
  get wantsValues(): boolean {
    return wantsValues(this.ops);
  }
}

/** How many layouts this thread has made. */
let layouts = 0;

/** What a record is made of: its fields and how to read them. */
export class Layout {
  /** No two layouts of a thread have the same id, not even after one has been forgotten. */
  readonly id = ++layouts;
  readonly weight: KeptWeight;
  readonly shape: Shape;
  readonly ops: Int32Array;
  readonly roots: readonly Part[];
  /** From a slot to its access code; see `fields.ts`. */
  readonly access: Int32Array;
  readonly specials: readonly Special[];
  /** By index of the value: what it was in the last record of this layout that was looked at. */
  readonly places: (AtomPlace | undefined)[] = [];
  /**
   * The key of the short way: outer plan, its count of values, index of the value that holds the inner instance (-1: none), and
   * its count of values.
   */
  outer: Plan | null = null;
  outerCount = 0;
  nestedIndex = -1;
  innerCount = 0;
  /** What the writers of JSON and XML have compiled for this layout. */
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
 * A definition's bytes as they stood in some chunk; the offset where they stood (-1 when it does not matter); and the names
 * outside of the definition that it refers to.
 */
interface SeenDefinition {
  readonly bytes: Buffer;
  readonly start: number;
  readonly outsideNames: readonly { readonly offset: number; readonly id: number }[];
  readonly plan: Plan;
}

/** The most definitions compared for one fingerprint. After that the definition is walked. */
const MAX_VARIANTS = 8;

export class Catalog {
  /** How much is kept with layouts; see `KeptWeight`. */
  readonly weight = new KeptWeight();
  names = new Names();
  /** Changes when everything has been forgotten. Older ids are then invalid. */
  generation = 0;
  #plans: Plan[] = [];
  #plansByHash = new Map<number, Plan[]>();
  #layouts = 0;
  #layoutsByHash = new Map<number, Layout[]>();
  #seen = new Map<number, SeenDefinition[]>();
  #seenBytes = 0;
  // Kept when the rest is forgotten, because matchers remember what they know about a shape by its id.
  readonly #shapes = new Map<string, Shape>();
  #builder = new TreeBuilder(this.names, (plan) => this.#rootsOf(plan));

  /** Call between chunks: forgets everything when a limit is passed. */
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
    const list = getOrInsert(this.#seen, key, () => []);
    if (list.length >= MAX_VARIANTS) list.shift();
    list.push({ bytes: Buffer.from(bytes), start, outsideNames, plan });
    this.#seenBytes += bytes.length;
  }

  planOf(structure: Structure, dynamicNames: readonly number[]): Plan {
    const hash = structure.hash();
    const list = getOrInsert(this.#plansByHash, hash, () => []);
    for (const plan of list) if (structure.equals(plan.ops)) return plan;
    const plan = new Plan(this.#plans.length, structure.copy(), dynamicNames);
    this.#plans.push(plan);
    list.push(plan);
    return plan;
  }

  /** The layout for a record's structure. Null when its tree is too large, or when `nodes` refuses the nodes of a new layout. */
  layoutOf(structure: Structure, nodes: (count: number) => boolean): Layout | null {
    const hash = structure.hash();
    const list = getOrInsert(this.#layoutsByHash, hash, () => []);
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

  /** The shape for a list of fields. Layouts with the same fields in the same order share it, wherever their values come from. */
  #shapeOf(entries: readonly ShapeEntry[]): Shape {
    const key = JSON.stringify(entries.map(({ name, section }) => (section === 'system' ? name : ` ${name}`)));
    return getOrInsert(this.#shapes, key, () => makeShape(entries));
  }

  #rootsOf(id: number): readonly Part[] {
    const plan = this.#plans[id]!;
    // A definition contains no instances, so this builder does not call itself further.
    if (plan.roots === null) {
      const builder = new TreeBuilder(this.names, () => []);
      plan.roots = builder.build(plan.ops) ?? [];
      this.weight.charge(builder.nodes);
    }
    return plan.roots;
  }
}
