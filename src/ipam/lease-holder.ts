/** Who holds an auxiliary address. A network holds its own: the gateway by its id alone, these with their names. */
export function auxiliaryHolder(networkId: string, name: string): string {
  return `${networkId}/${name}`;
}

/** What an address of the network's pools is to its holder, in words that follow "address … is". */
export function describeHolder(networkId: string, holder: string): string {
  if (holder === networkId) return "the gateway";
  const auxiliary = auxiliaryHolder(networkId, "");
  if (holder.startsWith(auxiliary)) return `reserved as "${holder.slice(auxiliary.length)}"`;
  return `held by ${holder.slice(0, 12)}`;
}
