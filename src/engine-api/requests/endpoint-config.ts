import type { NetworkAttachment } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import { type Field, isAbsent } from "../../contracts/json-field.js";
import { integerOf, mapOf, objectOf, textOf, textsOf } from "./fields.js";

/** docker's `EndpointSettings`, as far as a client may ask for them: how a container is to be on one network. */
export function endpointConfig(field: Field): Omit<NetworkAttachment, "network"> {
  if (isAbsent(field)) return {};
  const ipam = objectOf(field, "IPAMConfig");
  return {
    ...optional("address", textOf(ipam, "IPv4Address")),
    ...optional("address6", textOf(ipam, "IPv6Address")),
    ...optional("mac", textOf(field, "MacAddress")),
    ...optional("aliases", textsOf(field, "Aliases")),
    ...optional("links", textsOf(field, "Links")),
    ...optional("gatewayPriority", integerOf(field, "GwPriority") || undefined),
    ...optional("options", mapOf(field, "DriverOpts")),
  };
}
