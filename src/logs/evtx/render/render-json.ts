/**
 * Renders an event as JSON, in the form of `evtx_dump -o jsonl`. Elements become members. Attributes go into `#attributes`, and
 * text beside them into `#text`. `Data` elements become members under their `Name`. Repeated members become one array. Numbers
 * and booleans are JSON numbers and booleans; everything else is the text that Windows prints. In: a layout and values. Out:
 * bytes.
 */

import type { ByteWriter } from '../../../bytes/byte-writer.ts';
import { groupBy } from '../../../model/values/maps.ts';
import type { Layout } from '../binxml/catalog.ts';
import { childElements } from '../binxml/fields.ts';
import { neededByAttribute, neededByElement } from '../binxml/optional.ts';
import { ABSENT_VALUE, type ElementNode, isDataElement, type Part } from '../binxml/tree.ts';
import type { RecordValues } from '../values/record-values.ts';
import { Program, StepList } from './program.ts';
import { Renderer } from './renderer.ts';

/** Appends the event, without a line end. */
export function writeJson(layout: Layout, record: RecordValues, out: ByteWriter): void {
  let renderer = layout.json;
  if (renderer === null) {
    renderer = new Renderer(layout.roots, layout.weight, compile);
    layout.json = renderer;
  }
  renderer.run(record, out);
}

function compile(roots: readonly Part[], nulls: ReadonlySet<number> | null): Program {
  const steps = new StepList(nulls);
  members(steps, childElements(roots), '{', true);
  steps.literal('}');
  return new Program(steps, 'json');
}

/**
 * Writes the members of an object that `open` has begun. `always`: the elements appear whatever they depend on. That holds for
 * the root, because a record that exists is an event.
 */
function members(steps: StepList, elements: readonly ElementNode[], open: string, always = false): void {
  steps.literal(open);
  for (const [key, list] of groupBy(elements, memberName)) {
    const [first] = list;
    if (list.length === 1) {
      steps.needs(always ? [] : neededByElement(first!), () => {
        steps.member(`,${JSON.stringify(key)}:`);
        element(steps, first!, false);
      });
      continue;
    }
    steps.member(`,${JSON.stringify(key)}:[`);
    for (const item of list) {
      steps.needs(neededByElement(item), () => {
        steps.member(',');
        element(steps, item, true);
      });
    }
    steps.literal(']');
  }
}

/** A Data element is named by its `Name` attribute; if the template leaves that open, by its element name. */
function memberName(node: ElementNode): string {
  return dataName(node) ?? node.name;
}

function dataName(node: ElementNode): string | null {
  if (!isDataElement(node.name)) return null;
  const parts = node.attributes.find((attribute) => attribute.name === 'Name')?.parts ?? [];
  const name = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  return name === '' ? null : name;
}

function element(steps: StepList, node: ElementNode, items: boolean): void {
  const named = dataName(node) !== null;
  const attributes = node.attributes.filter((attribute) => !(named && attribute.name === 'Name'));
  const body = () => content(steps, node, items);
  if (attributes.length === 0) {
    body();
    return;
  }
  const withAttributes = () => {
    steps.literal('{"#attributes":{');
    for (const attribute of attributes) {
      steps.needs(neededByAttribute(attribute), () => {
        steps.member(`,${JSON.stringify(attribute.name)}:`);
        value(steps, attribute.parts, false);
      });
    }
    steps.literal('}');
    const children = childElements(node.content);
    if (children.length > 0) members(steps, children, '');
    else if (node.content.length > 0) {
      steps.member(',"#text":');
      value(steps, node.content, false);
    }
    steps.literal('}');
  };
  // Attributes that are all optional may all be missing. Then `#attributes` is left out too.
  steps.needsOne(attributes.map(neededByAttribute), withAttributes, body);
}

function content(steps: StepList, node: ElementNode, items: boolean): void {
  const children = childElements(node.content);
  if (children.length > 0) {
    members(steps, children, '{');
    steps.literal('}');
  } else if (node.content.length > 0) value(steps, node.content, items);
  else steps.literal(isDataElement(node.name) ? '""' : 'null');
}

function value(steps: StepList, parts: readonly Part[], items: boolean): void {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'value' && first.index !== ABSENT_VALUE) {
    steps.value(first.index, items);
    return;
  }
  if (!parts.some((part) => part.kind === 'value' && part.index !== ABSENT_VALUE)) {
    steps.literal(JSON.stringify(parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')));
    return;
  }
  steps.literal('"');
  for (const part of parts) {
    if (part.kind === 'text') steps.literal(JSON.stringify(part.text).slice(1, -1));
    else if (part.kind === 'value' && part.index !== ABSENT_VALUE) steps.text(part.index);
  }
  steps.literal('"');
}
