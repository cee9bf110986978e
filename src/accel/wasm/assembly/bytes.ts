// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: compares nearly every value of a log.

export function sameBytes(a: usize, b: usize, length: u32): bool {
  // Compared from the end, because paths and names begin alike.
  let left: usize = length;
  for (; left >= 8; left -= 8) if (load<u64>(a + left - 8) !== load<u64>(b + left - 8)) return false;
  if (left >= 4) {
    left -= 4;
    if (load<u32>(a + left) !== load<u32>(b + left)) return false;
  }
  while (left > 0) {
    left--;
    if (load<u8>(a + left) !== load<u8>(b + left)) return false;
  }
  return true;
}
