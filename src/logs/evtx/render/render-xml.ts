/**
 * Renders an event as the XML that Windows prints (EvtRender, wevtutil): attributes in single quotes, no blanks between
 * elements, an array value repeats its element, optional parts without a value are left out. Unlike Windows it writes CR as
 * `&#13;`, because a reader would turn a plain CR into LF, and U+FFFD for characters that XML cannot contain. In: a layout and
 * values. Out: bytes.
 */

import type { ByteWriter } from '../../../bytes/byte-writer.ts';
import { escapeXml } from '../../../bytes/xml-escapes.ts';
import type { Layout } from '../binxml/catalog.ts';
import { neededByAttribute, neededByElement } from '../binxml/optional.ts';
import { ABSENT_VALUE, type ElementNode, type Part } from '../binxml/tree.ts';
import type { RecordValues } from '../values/record-values.ts';
import { Program, StepList } from './program.ts';
import { Renderer } from './renderer.ts';

/** Appends the event, without a line end. */
export function writeXml(layout: Layout, record: RecordValues, out: ByteWriter): void {
  let renderer = layout.xml;
  if (renderer === null) {
    renderer = new Renderer(layout.roots, layout.weight, compile);
    layout.xml = renderer;
  }
  renderer.run(record, out);
}

function compile(roots: readonly Part[], nulls: ReadonlySet<number> | null): Program {
  const steps = new StepList(nulls);
  // The root always appears: a record that exists is an event, whatever its Event element depends on.
  for (const part of roots) {
    if (part.kind === 'element') tag(steps, part);
    else parts(steps, [part]);
  }
  return new Program(steps, 'xml');
}

function parts(steps: StepList, list: readonly Part[]): void {
  for (const part of list) {
    if (part.kind === 'element') element(steps, part);
    else if (part.kind === 'text') steps.literal(escapeXml(part.text));
    else if (part.kind === 'pi') steps.literal(`<?${part.target} ${part.data.replaceAll('?>', '?&gt;')}?>`);
    else if (part.index !== ABSENT_VALUE) steps.text(part.index);
  }
}

function element(steps: StepList, node: ElementNode): void {
  const [only] = node.content;
  steps.needs(neededByElement(node), () => {
    if (node.content.length === 1 && only?.kind === 'value' && only.index !== ABSENT_VALUE) {
      steps.each(only.index, () => tag(steps, node));
    } else tag(steps, node);
  });
}

function tag(steps: StepList, node: ElementNode): void {
  steps.literal(`<${node.name}`);
  for (const attribute of node.attributes) {
    steps.needs(neededByAttribute(attribute), () => {
      steps.literal(` ${attribute.name}='`);
      parts(steps, attribute.parts);
      steps.literal("'");
    });
  }
  if (node.empty) {
    steps.literal('/>');
    return;
  }
  steps.literal('>');
  parts(steps, node.content);
  steps.literal(`</${node.name}>`);
}
