/**
 * FNV-1a of 64 bits (draft-eastlake-fnv) of a text in UTF-8: for names that must differ where texts do, not for secrets. It
 * costs nothing to load, unlike node:crypto.
 */
export function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
