import { isHexId, readEndpoint } from "../../cluster/records/values.js";
import type { EndpointRecord } from "../../contracts/index.js";
import { type Address, readAddress } from "../../ipam/address.js";
import { holds, readCidr } from "../../ipam/cidr.js";
import type { LocalEndpoint, LocalNetwork } from "../records/local-network.js";
import { readRecord } from "../records/read-record.js";
import { placesOf } from "../records/record-places.js";
import type { OfferInput } from "./offer-input.js";
import { isSame } from "./same-record.js";

/** What of one endpoint is to change in the directory: all of it at once, so that its record says which names it has there. */
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
  const namesOf = (id: string, names: readonly string[]) => keys.namesOf({ networkId, id, host, names });
  const put = [...wanted.values()].flatMap(({ id, mac, addresses, names }): readonly Listing[] => {
    const value = JSON.stringify({ host, mac, addresses, names } satisfies EndpointRecord);
    const former = present.get(id)?.value;
    if (isSame(former, value)) return [];
    const found = namesOf(id, names);
    return [
      {
        put: [keys.listedEndpoint(networkId, host, id), ...found].map((key) => ({ key, value })),
        remove: namesOf(id, namesIn(former)).filter((key) => !found.includes(key)),
      },
    ];
  });
  const gone = [...present].flatMap(([id, { value }]): readonly Listing[] =>
    wanted.has(id) || !isHexId(id)
      ? []
      : [{ put: [], remove: [...namesOf(id, namesIn(value)), keys.listedEndpoint(networkId, host, id)] }],
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

function namesIn(text = ""): readonly string[] {
  const record = readRecord(text, readEndpoint);
  return "fault" in record ? [] : record.value.names;
}
