import type { NetworkSpec } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import { type Field, member, readText } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { flagOf, listOf, mapOf, objectOf, textOf } from "./fields.js";

interface Pool {
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  readonly range: string | undefined;
  readonly auxiliary: Readonly<Record<string, string>> | undefined;
}

/** The body of `POST /networks/create`. Throws `unsupported` for a network of a swarm. */
export function networkSpec(body: Field): NetworkSpec {
  const name = readText(member(body, "Name"));
  refuseSwarm(body);
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

/** docker's kinds of networks that are no networks of one host. */
function refuseSwarm(body: Field): void {
  const scope = textOf(body, "Scope") ?? "local";
  const asked = ["Ingress", "ConfigOnly"].find((key) => flagOf(body, key));
  const from = textOf(objectOf(body, "ConfigFrom"), "Network");
  if (scope === "local" && asked === undefined && from === undefined) return;
  const what = asked ?? (from === undefined ? `scope ${scope}` : `ConfigFrom ${from}`);
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_ENGINE_SWARM",
    message: `tsd has no swarm, and so no networks with ${what}`,
    hint: "Leave it out. A network spans hosts if its driver does: tsd cluster join.",
    details: { what },
  });
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
