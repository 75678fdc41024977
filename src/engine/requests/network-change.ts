import type { Network, NetworkChange, NetworkDriver, RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { requireAddress } from "./check-networking.js";

/** The network as a user wants it from now on. Throws `invalid-input`, or `unsupported` for an option that cannot change. */
export function changedNetwork(driver: NetworkDriver, network: Network, change: NetworkChange): Network {
  const { dns: former, ...rest } = network;
  const dns = change.dns ?? former ?? [];
  for (const server of dns) requireAddress("--dns", server);
  if (dns.length > 0 && network.disableDns) throw withoutResolver(network, dns);
  const gone = new Set(change.withoutLabels);
  const labels = Object.entries(network.labels).filter(([key]) => !gone.has(key));
  return {
    ...rest,
    labels: { ...Object.fromEntries(labels), ...change.labels },
    options: changedOptions(driver, network, change.options ?? {}),
    ...(dns.length === 0 ? {} : { dns }),
  };
}

/** An option without a value is its default from now on. */
function changedOptions(driver: NetworkDriver, network: Network, options: RawOptions): RawOptions {
  const entries = Object.entries(options);
  const given = driver.parseOptions(Object.fromEntries(entries.filter(([, value]) => value !== "")));
  const gone = entries.flatMap(([key, value]) => (value === "" ? [key] : []));
  // What hosts have in common of a network is its record: no option in that changes.
  const { changeable = [] } = network.cluster === undefined ? driver : {};
  const fixed = [...Object.keys(given), ...gone].find((key) => !changeable.includes(key));
  if (fixed !== undefined) throw notChangeable(network, fixed, changeable);
  const kept = Object.entries(network.options).filter(([key]) => !gone.includes(key));
  return { ...Object.fromEntries(kept), ...given };
}

function notChangeable({ name, driver }: Network, option: string, changeable: readonly string[]): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_OPTION_FIXED",
    message: `option ${option} of network "${name}" cannot change, as long as the network exists`,
    hint: `Labels and name servers can${changeable.length === 0 ? "" : `, and of driver "${driver}" ${changeable.join(" and ")}`}; make another network for the rest.`,
    details: { network: name, driver, option, changeable },
  });
}

function withoutResolver({ name }: Network, dns: readonly string[]): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NETWORK_DNS",
    message: `name server ${dns[0]} was given, and network "${name}" was made without the resolver that would ask it`,
    hint: "Give name servers to the containers: tsd run --dns.",
    details: { network: name, dns },
  });
}
