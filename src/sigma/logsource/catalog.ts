/**
 * Joins the definitions of all families into one lookup: categories, services, aliases, reasons why something does not apply,
 * and derivations. Built once, when it is loaded. Refuses an id that is defined twice.
 */
import { InternalError } from '../../model/errors.ts';
import type { FieldMapping } from '../../model/logsource.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { familys as families } from './families/registry.generated.ts';
import type { Derivation, ServiceDefinition, SourceDefinition } from './family.ts';

export interface Catalog {
  readonly categories: ReadonlyMap<string, readonly SourceDefinition[]>;
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  readonly categoryAliases: ReadonlyMap<string, string>;
  readonly serviceAliases: ReadonlyMap<string, string>;
  readonly notApplicableCategories: ReadonlyMap<string, string>;
  readonly notApplicableServices: ReadonlyMap<string, string>;
  readonly commonFields: Readonly<Record<string, FieldMapping>>;
  readonly derivations: ReadonlyMap<string, Derivation>;
}

function buildCatalog(): Catalog {
  const categories = new Map<string, SourceDefinition[]>();
  for (const family of families) {
    for (const [name, sources] of Object.entries(family.categories ?? {}))
      getOrInsert(categories, name, () => []).push(...sources);
  }
  // Sources whose events already use the rule's field names come first. When two sources match, evidence from these is the easier
  // to read.
  for (const sources of categories.values())
    sources.sort((a, b) => Number(a.fields !== undefined) - Number(b.fields !== undefined));
  return {
    categories,
    services: union('service', (family) => family.services),
    categoryAliases: union('category alias', (family) => family.categoryAliases),
    serviceAliases: union('service alias', (family) => family.serviceAliases),
    notApplicableCategories: union('category', (family) => family.notApplicable?.categories),
    notApplicableServices: union('service', (family) => family.notApplicable?.services),
    commonFields: Object.fromEntries(union('common field', (family) => family.commonFields)),
    derivations: union('derivation', (family) => family.derivations),
  };
}

function union<T>(
  what: string,
  part: (family: (typeof families)[number]) => Readonly<Record<string, T>> | undefined,
): Map<string, T> {
  const all = new Map<string, T>();
  for (const family of families) {
    for (const [name, value] of Object.entries(part(family) ?? {})) {
      if (all.has(name))
        throw new InternalError(`log source family "${family.name}" defines the ${what} "${name}" a second time`);
      all.set(name, value);
    }
  }
  return all;
}

export const catalog: Catalog = buildCatalog();
