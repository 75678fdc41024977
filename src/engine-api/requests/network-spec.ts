import type { NetworkSpec } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import { type Field, member } from "../../contracts/json-field.js";
import { refusal } from "../http/refusal.js";
import { flagOf, listOf, mapOf, objectOf, textOf } from "./fields.js";

interface Pool {
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  readonly range: string | undefined;
  readonly auxiliary: Readonly<Record<string, string>> | undefined;
}

/** docker's kinds of networks that are no networks of one host. */
const swarm = ["Ingress", "ConfigOnly"];

/** The body of `POST /networks/create`. Throws 400 without a name, and 501 for a network of a swarm. */
export function networkSpec(body: Field): NetworkSpec {
  const name = textOf(body, "Name");
  if (name === undefined) throw refusal(400, "Name is missing: the name of the network");
  const asked = swarm.find((key) => flagOf(body, key));
  if (asked !== undefined) throw refusal(501, `tsd has no swarm, and so no networks with ${asked}`);
  const scope = textOf(body, "Scope");
  if (scope !== undefined && scope !== "local") throw refusal(501, `tsd has no networks of scope "${scope}"`);
  if (textOf(objectOf(body, "ConfigFrom"), "Network") !== undefined)
    throw refusal(501, "tsd makes no network from the settings of another one (ConfigFrom)");
  const ipam = objectOf(body, "IPAM");
  const driver = textOf(ipam, "Driver") ?? "default";
  return {
    name,
    ...optional("driver", textOf(body, "Driver")),
    ...poolsOf(listOf(ipam, "Config", pool)),
    ...(member(body, "EnableIPv4").value === false ? { ipv4: false } : {}),
    ...(flagOf(body, "EnableIPv6") ? { ipv6: true } : {}),
    ...(flagOf(body, "Internal") ? { internal: true } : {}),
    ...optional("options", mapOf(body, "Options")),
    ...optional("labels", mapOf(body, "Labels")),
    ...(driver === "default" ? {} : { ipam: { driver, options: mapOf(ipam, "Options") ?? {} } }),
  };
}

function pool(field: Field): Pool {
  return {
    subnet: textOf(field, "Subnet"),
    gateway: textOf(field, "Gateway"),
    range: textOf(field, "IPRange"),
    auxiliary: mapOf(field, "AuxiliaryAddresses"),
  };
}

function poolsOf(pools: readonly Pool[]): Partial<NetworkSpec> {
  const all = (key: "subnet" | "gateway" | "range"): readonly string[] | undefined => {
    const given = pools.flatMap((one) => one[key] ?? []);
    return given.length === 0 ? undefined : given;
  };
  const auxiliary = Object.assign({}, ...pools.map((one) => one.auxiliary ?? {}));
  return {
    ...optional("subnets", all("subnet")),
    ...optional("gateways", all("gateway")),
    ...optional("ranges", all("range")),
    ...(Object.keys(auxiliary).length === 0 ? {} : { auxiliary }),
  };
}
