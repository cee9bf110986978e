/**
 * Names of fields from the path of an element, as XML-to-JSON converters write it. In: the keys of the path. Out: a name, or
 * null.
 */

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

/** The name of a data field: that of the innermost element, as in XML. Null when the path is not a field. */
export function dataName(path: readonly string[]): string | null {
  const elements = withoutMarks(path).map((part) => part.replace(/\[\]$/, ''));
  if (!isAttribute(path) && !(path[path.length - 2] ?? '').endsWith('_attributes')) return elements.at(-1) ?? null;
  // The path is an attribute, `Element_Attribute`. It is a field only inside an element of the data, not of a section or wrapper,
  // whose attributes are just `Name` and `xmlns`.
  return elements.length > 1 ? elementName(elements.slice(-2)) : null;
}

export function isAttribute(path: readonly string[]): boolean {
  return /^[@-]/.test(path[path.length - 1] ?? '') || ATTRIBUTES.has(path[path.length - 2] ?? '');
}
