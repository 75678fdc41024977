import type { ContainerSpec, NetworkAttachment } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import type { Field } from "../../contracts/json-field.js";
import { endpointConfig } from "./endpoint-config.js";
import { entriesOf, flagOf, listOf, mapOf, objectOf, textOf, textsOf } from "./fields.js";

/** Words for the default network: docker's, and what its command line sends where nothing was asked for. */
const DEFAULT = "default";

/** Where a container is on the network, and by which names: of the body, and of its `HostConfig`. */
export function networkingOf(body: Field, host: Field): Partial<ContainerSpec> {
  const networks = networksOf(body, host);
  const exposed = entriesOf(body, "ExposedPorts", () => undefined).map(([port]) => port);
  const publish = entriesOf(host, "PortBindings", bindingsOf).flatMap(([port, bindings]) =>
    bindings.map((binding) => `${binding}${port}`),
  );
  return {
    ...optional("networks", networks.length === 0 ? undefined : networks),
    ...optional("links", textsOf(host, "Links")),
    ...optional("expose", exposed.length === 0 ? undefined : exposed),
    ...optional("publish", publish.length === 0 ? undefined : publish),
    ...optional("publishAll", flagOf(host, "PublishAllPorts") ? true : undefined),
    ...optional("dns", textsOf(host, "Dns")),
    ...optional("dnsSearch", textsOf(host, "DnsSearch")),
    ...optional("dnsOptions", textsOf(host, "DnsOptions")),
    ...optional("addHosts", textsOf(host, "ExtraHosts")?.map(withoutBrackets)),
    ...optional("sysctls", mapOf(host, "Sysctls")),
  };
}

/**
 * As docker decides it: those of `EndpointsConfig`, and the one of `NetworkMode` first, unless that is the default and others are named.
 * None means the default network.
 */
function networksOf(body: Field, host: Field): readonly NetworkAttachment[] {
  const mode = textOf(host, "NetworkMode") ?? DEFAULT;
  const mac = textOf(body, "MacAddress");
  const named = entriesOf(objectOf(body, "NetworkingConfig"), "EndpointsConfig", endpointConfig).map(
    ([network, config]) => ({ ...config, network: network === DEFAULT ? "bridge" : network }),
  );
  const first = mode === DEFAULT ? "bridge" : mode;
  const ofMode = named.find(({ network }) => network === first);
  const isMode = mode !== DEFAULT || named.length === 0 || ofMode !== undefined;
  const others = named.filter(({ network }) => network !== first);
  const all = isMode ? [ofMode ?? { network: first }, ...others] : others;
  const [primary = { network: first }, ...rest] = mac === undefined ? all : withMac(all, mac);
  const isPlain =
    mode === DEFAULT && rest.length === 0 && primary.network === first && Object.keys(primary).length === 1;
  return isPlain ? [] : [primary, ...rest];
}

/** Before 1.44 the container as a whole had one. */
function withMac([first, ...others]: readonly NetworkAttachment[], mac: string): readonly NetworkAttachment[] {
  return first === undefined ? [] : [{ mac, ...first }, ...others];
}

/** Each as the beginning of docker's `-p`, to which the container's port is added: `127.0.0.1:8080:`. */
function bindingsOf(field: Field): readonly string[] {
  if (field.value === null) return [""];
  const bindings = listOf({ ...field, value: { all: field.value } }, "all", (one) => {
    const [ip, port] = [textOf(one, "HostIp"), textOf(one, "HostPort")];
    if (ip !== undefined) return `${ip.includes(":") ? `[${ip}]` : ip}:${port ?? ""}:`;
    return port === undefined ? "" : `${port}:`;
  });
  return bindings.length === 0 ? [""] : bindings;
}

/** docker lets an IPv6 address stand in brackets. */
function withoutBrackets(host: string): string {
  return host.replace(/^([^:]+):\[(.*)\]$/, "$1:$2");
}
