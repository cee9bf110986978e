/** Names of fields by the path of an element, as XML-to-JSON converters write it. */

/** Steps of a path that stand for an element's attributes or its text. */
export const ATTRIBUTES: ReadonlySet<string> = new Set(['#attributes', '@attributes', '$', 'attributes']);
export const TEXT: ReadonlySet<string> = new Set(['#text', '_', '$t', '$value', 'Value', '#value']);

const withoutMarks = (path: readonly string[]): string[] => {
  return path.filter((part, i) => !ATTRIBUTES.has(part) && !(i > 0 && TEXT.has(part)));
};

/** `Provider`, `#attributes`, `Name` -> `Provider_Name`; null for a namespace declaration. */
export function elementName(path: readonly string[]): string | null {
  const parts = withoutMarks(path).map((part) => part.replace(/^[@-]/, '').replace(/_attributes$|\[\]$/, ''));
  const name = parts.join('_');
  return /(?:^|_)xmlns(?::|$)/.test(name) ? null : name;
}

/** A data field's name: that of the innermost element, as in XML; null for what is no field. */
export function dataName(path: readonly string[]): string | null {
  const elements = withoutMarks(path).map((part) => part.replace(/\[\]$/, ''));
  if (!isAttribute(path) && !(path[path.length - 2] ?? '').endsWith('_attributes')) return elements.at(-1) ?? null;
  // An attribute, `Element_Attribute`: of an element that has text; those of sections and wrappers are `Name` and `xmlns`.
  return elements.length > 1 ? elementName(elements.slice(-2)) : null;
}

export function isAttribute(path: readonly string[]): boolean {
  return /^[@-]/.test(path[path.length - 1] ?? '') || ATTRIBUTES.has(path[path.length - 2] ?? '');
}
