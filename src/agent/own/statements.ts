import { isHexId, readMember } from "../../cluster/records/values.js";
import type { MemberRecord } from "../../contracts/index.js";
import type { LocalEndpoint, LocalNetwork } from "../records/local-network.js";
import { readRecord } from "../records/read-record.js";
import { endpointRecord } from "./endpoint-record.js";
import { listedOf } from "./listings.js";
import type { OfferInput } from "./offer-input.js";

/** What a host says of itself in one network, which no other host can have claimed: its membership, and endpoints that others have an entry for. */
export function statementsOf({
  keys,
  membership,
  local,
  records,
}: OfferInput): readonly { readonly key: string; readonly value: string }[] {
  const { host, address, epoch } = membership;
  const { id, cluster } = local.network;
  const wireguard = local.wireguard ?? (cluster.wireguard && knownEnd(records.at(keys.member(id, host))?.value));
  const member: MemberRecord = {
    ...{ epoch, address, mac: cluster.mac, isUsed: local.endpoints.length > 0 },
    ...(wireguard === undefined ? {} : { wireguard }),
  };
  return [
    { key: keys.member(id, host), value: JSON.stringify(member) },
    ...followedOf(local).map((endpoint) => ({
      key: keys.endpoint(id, endpoint.id),
      value: JSON.stringify(endpointRecord(host, endpoint)),
    })),
  ];
}

/** A key whose file is lost stays what it was to others until there is another: the kernel has it all the same. */
function knownEnd(text: string | undefined): MemberRecord["wireguard"] {
  const record = readRecord(text ?? "", readMember);
  return "fault" in record ? undefined : record.value.wireguard;
}

function followedOf(local: LocalNetwork): readonly LocalEndpoint[] {
  const listed = new Set(listedOf(local));
  return local.endpoints.filter((endpoint) => !listed.has(endpoint));
}

/** Keys of endpoints that are said to be on this host for all to follow, and are not. */
export function goneEndpoints({ keys, records, local, stated }: OfferInput): readonly string[] {
  const { id } = local.network;
  const present = new Set(followedOf(local).map((endpoint) => endpoint.id));
  return (
    stated
      // Another host may have written any: one that ends in `/` would be a prefix.
      .filter((endpointId) => isHexId(endpointId) && !present.has(endpointId))
      .map((endpointId) => keys.endpoint(id, endpointId))
      .filter((key) => records.at(key) !== undefined)
  );
}
