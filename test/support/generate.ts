/** Before all tests: writes the registries, as `npm run generate` does. */
export async function setup(): Promise<void> {
  // Not a module of ours to type-check: it does its work when it is loaded.
  const script = '../../scripts/generate.mjs';
  await import(script);
}
