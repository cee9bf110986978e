/**
 * Limits against hostile logs. Real records stay far below them (largest seen: 1,100 nodes, depth 9, names of 64 characters). A
 * record that exceeds a limit is refused, and a diagnostic says so.
 */

/** Bytes of a chunk. Every offset inside a chunk is smaller. */
export const CHUNK_BYTES = 0x10000;
/** Levels of elements inside elements and fragments inside values, counted together. */
export const MAX_DEPTH = 64;
/** Levels of a layout's tree. Templates in values of templates make it deeper than MAX_DEPTH. */
export const MAX_TREE_DEPTH = 256;
/** Characters of an element, attribute or field name. */
export const MAX_NAME = 1024;
/** Numbers in the structure of one record or template definition. An element takes about 6. */
export const MAX_STRUCTURE = 1 << 16;
/** Values of one record. A substitution takes at least 4 bytes, an inline value 2. */
export const MAX_VALUES = 1 << 16;
/** Nodes of the element tree of one layout. A template that is used repeatedly multiplies its nodes. */
export const MAX_TREE_NODES = 20_000;
/**
 * Nodes of all trees built for a log: how many its new layouts may have at once, and how many more each chunk allows. A folder
 * with the logs of many hosts needs 90,000 in all.
 */
export const MAX_NEW_NODES = 300_000;
export const NEW_NODES_PER_CHUNK = 10_000;
/** Chunks kept until the whole log has been read, because a template definition in them is damaged. */
export const MAX_LATER_CHUNKS = 64;
/** Templates of a log remembered by id, for records whose own definition is damaged. */
export const MAX_LOG_TEMPLATES = 4096;
/** Bytes of template definitions walked in one chunk. Hostile definitions may overlap; real ones fill the chunk at most once. */
export const MAX_DEFINITION_BYTES = 16 * CHUNK_BYTES;
/**
 * What is kept per thread. Beyond any of these limits everything is forgotten at once. A folder with the logs of many hosts has
 * about 1,500 layouts of 60 nodes, 1,200 plans and 5,000 names.
 */
export const MAX_KEPT_LAYOUTS = 5000;
export const MAX_KEPT_NODES = 250_000;
export const MAX_KEPT_PLANS = 10_000;
/** Distinct names and literals, and their characters. */
export const MAX_KEPT_TEXTS = 50_000;
export const MAX_KEPT_CHARACTERS = 4 << 20;
/** Bytes of template definitions, kept as they were seen. */
export const MAX_KEPT_DEFINITION_BYTES = 12 << 20;
