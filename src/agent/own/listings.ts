import { isHexId, readEndpoint } from "../../cluster/records/values.js";
import type { EndpointRecord } from "../../contracts/index.js";
import { type Address, readAddress } from "../../ipam/address.js";
import { holds, readCidr } from "../../ipam/cidr.js";
import type { LocalEndpoint, LocalNetwork } from "../records/local-network.js";
import { readRecord } from "../records/read-record.js";
import { placesOf } from "../records/record-places.js";
import { endpointRecord } from "./endpoint-record.js";
import type { OfferInput } from "./offer-input.js";
import { isSame } from "./same-record.js";

/** What of one endpoint is to change in the directory: all of it at once, so that its record says which copies it has there. */
export interface Listing {
  readonly put: readonly { readonly key: string; readonly value: string }[];
  readonly remove: readonly string[];
}

/** Endpoints of this host that others find by their blocks alone: these ask for what they are called, and follow none of them. */
export function listedOf({ network, endpoints, isStretched }: LocalNetwork): readonly LocalEndpoint[] {
  if (isStretched) return [];
  const blocks = network.cluster.blocks.flatMap((block) => readCidr(block)?.cidr ?? []);
  const isInBlock = (address: string) => blocks.some((block) => holds(block, readAddress(address) as Address));
  return endpoints.filter(({ addresses }) => addresses.every(isInBlock));
}

/** Compares the directory's part of this host with its endpoints. */
export function listingsOf({ keys, records, membership: { host }, local }: OfferInput): readonly Listing[] {
  const { id: networkId } = local.network;
  const present = records.below(placesOf(keys, local.network).listed);
  const wanted = new Map(listedOf(local).map((endpoint) => [endpoint.id, endpoint]));
  const copiesOf = (id: string, written: Pick<EndpointRecord, "names" | "addresses">) =>
    keys.copiesOf({ networkId, id, host, names: written.names, addresses: written.addresses });
  const keysOf = (id: string, text: string | undefined) => copiesOf(id, writtenIn(text)).map(({ key }) => key);
  const put = [...wanted.values()].flatMap((endpoint): readonly Listing[] => {
    const { id } = endpoint;
    const record = endpointRecord(host, endpoint);
    const value = JSON.stringify(record);
    const former = present.get(id)?.value;
    if (isSame(former, value)) return [];
    const copies = copiesOf(id, record).map(({ key, names }) => ({ key, value: JSON.stringify({ ...record, names }) }));
    const kept = new Set(copies.map(({ key }) => key));
    return [
      {
        put: [{ key: keys.listedEndpoint(networkId, host, id), value }, ...copies],
        remove: keysOf(id, former).filter((key) => !kept.has(key)),
      },
    ];
  });
  const gone = [...present].flatMap(([id, { value }]): readonly Listing[] =>
    wanted.has(id) || !isHexId(id)
      ? []
      : [{ put: [], remove: [...keysOf(id, value), keys.listedEndpoint(networkId, host, id)] }],
  );
  const junk = new Set([...present.keys()].filter((id) => !isHexId(id)).map(firstPart));
  // What would be the prefix of all that this host has there is none.
  junk.delete("");
  const cleared = [...junk].map((part) => ({ put: [], remove: [keys.listedEndpoint(networkId, host, part)] }));
  return [...gone, ...cleared, ...put];
}

/** Of what another host wrote there: up to its first `/`, so that no two removals mean one key. */
function firstPart(id: string): string {
  const end = id.indexOf("/");
  return end < 0 ? id : id.slice(0, end + 1);
}

function writtenIn(text = ""): Pick<EndpointRecord, "names" | "addresses"> {
  const record = readRecord(text, readEndpoint);
  return "fault" in record ? { names: [], addresses: [] } : record.value;
}
