/** Names in lower case, each with its addresses. */
export type NameMap = ReadonlyMap<string, readonly string[]>;

export function addNames(map: Map<string, string[]>, names: readonly string[], addresses: readonly string[]): void {
  for (const name of new Set(names.map((one) => one.toLowerCase()))) {
    const known = map.get(name);
    if (known === undefined) map.set(name, [...addresses]);
    else known.push(...addresses.filter((address) => !known.includes(address)));
  }
}

/** The names of a text in the form of hosts(5). */
export function namesInLines(lines: readonly string[]): NameMap {
  const map = new Map<string, string[]>();
  for (const line of lines) {
    const [address, ...names] = line.replace(/#.*/, "").split(/\s+/).filter(Boolean);
    if (address !== undefined) addNames(map, names, [address]);
  }
  return map;
}
