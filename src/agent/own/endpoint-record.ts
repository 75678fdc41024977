import { MOST_NAMES } from "../../cluster/records/values.js";
import type { EndpointRecord } from "../../contracts/index.js";
import type { LocalEndpoint } from "../records/local-network.js";

/** Characters of names in one record; a host takes no record that has more than 16,384 of anything. */
const MOST_CHARACTERS = 12_000;

/** What a host says of an endpoint: as many of its names as other hosts read. */
export function endpointRecord(host: string, { mac, addresses, names }: LocalEndpoint): EndpointRecord {
  let size = 0;
  const read = names.slice(0, MOST_NAMES).filter((name) => {
    size += name.length + 3;
    return size <= MOST_CHARACTERS;
  });
  return { host, mac, addresses, names: read };
}
