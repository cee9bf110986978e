/**
 * Bounds against hostile logs. Real records come nowhere near them (largest seen: 1,100 nodes, depth 9, names of 64 characters);
 * what exceeds one costs its record and says so.
 */

/** Bytes of a chunk; every offset inside a chunk is below it. */
export const CHUNK_BYTES = 0x10000;
/** Elements inside elements, and fragments inside values, together. */
export const MAX_DEPTH = 64;
/** Levels of a layout's tree: templates in values of templates. */
export const MAX_TREE_DEPTH = 256;
/** Characters of an element, attribute or field name. */
export const MAX_NAME = 1024;
/** Numbers of the structure of one record or template definition (an element takes about 6). */
export const MAX_STRUCTURE = 1 << 16;
/** Values of one record: a substitution takes at least 4 bytes, an inline value 2. */
export const MAX_VALUES = 1 << 16;
/** Nodes of the element tree of one layout; templates that are used again and again multiply. */
export const MAX_TREE_NODES = 20_000;
/**
 * Nodes of all trees built for a log: what its new layouts may cost at once, and what each chunk adds to that. A folder with the
 * logs of many hosts takes 90,000 in all.
 */
export const MAX_NEW_NODES = 300_000;
export const NEW_NODES_PER_CHUNK = 10_000;
/** Chunks of a log that are kept because a template definition in them is damaged, until the log has been seen. */
export const MAX_LATER_CHUNKS = 64;
/** Templates of a log that are known by id, for records whose own definition is damaged. */
export const MAX_LOG_TEMPLATES = 4096;
/** Bytes of template definitions walked for one chunk: definitions may overlap, real ones fill it once. */
export const MAX_DEFINITION_BYTES = 16 * CHUNK_BYTES;
/**
 * What is kept per thread; past any of them all is forgotten at once. A folder with the logs of many hosts has about 1,500
 * layouts of 60 nodes, 1,200 plans and 5,000 names.
 */
export const MAX_KEPT_LAYOUTS = 5000;
export const MAX_KEPT_NODES = 250_000;
export const MAX_KEPT_PLANS = 10_000;
/** Distinct names and literals, and their characters. */
export const MAX_KEPT_TEXTS = 50_000;
export const MAX_KEPT_CHARACTERS = 4 << 20;
/** Bytes of template definitions as they were seen. */
export const MAX_KEPT_DEFINITION_BYTES = 12 << 20;
