import { chainWords, type Resource } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** A resource in a few words, for lists: `address 10.10.10.1/24 of br-web`. */
export function resourceWords(resource: Resource): string {
  switch (resource.kind) {
    case "netns":
      return `namespace ${resource.path}`;
    case "link":
      return `link ${resource.name}`;
    case "address":
      return `address ${resource.address} of ${resource.link}`;
    case "route":
      return `route ${resource.destination} by ${resource.gateway ?? resource.link}`;
    case "neighbour":
      return `neighbour ${resource.address} behind ${resource.link}`;
    case "fdb":
      return `way to ${resource.mac} at ${resource.remote} by ${resource.link}`;
    case "wireguard":
      return `key and port ${resource.port} of ${resource.link}`;
    case "wireguard peer":
      return `host ${resource.address} with key ${resource.publicKey} behind ${resource.link}`;
    case "membership":
      return `membership of network ${resource.network.slice(0, 12)} in the cluster`;
    case "sysctl":
      return `parameter ${resource.key}`;
    case "localnet":
      return `way from 127.0.0.0/8 by ${resource.link}`;
    case "passage":
      return `passage of ${resource.bridge} through ${chainWords(resource.chain)}`;
    case "announcement":
      return `announcement of ${resource.addresses.join(", ")} by ${resource.link}`;
    case "health":
      return `health check of ${resource.container.slice(0, 12)}`;
    case "rotation":
      return `log rotation of ${resource.container.slice(0, 12)}`;
    case "resolver":
      return `resolver in ${resource.netns}`;
    case "directory":
    case "file":
    case "overlay":
    case "tmpfs":
      return `${resource.kind} ${resource.path}`;
    case "volume":
      return `volume ${resource.path}`;
    case "volume part":
      return `${resource.path} of a volume at ${resource.place}`;
    case "masquerade":
      return `masquerade of ${resource.subnet}`;
    case "isolate":
      return `isolation of ${resource.bridge}`;
    case "publish": {
      const { protocol, hostAddress, hostPort, count } = resource;
      const range = count === 1 ? String(hostPort) : `${hostPort}-${hostPort + count - 1}`;
      return `published port ${range}/${protocol}${hostAddress === undefined ? "" : ` of ${hostAddress}`}`;
    }
    case "allow":
      return `port ${resource.port}/${resource.protocol} of ${resource.address}, allowed`;
    case "guard":
      return `guard of ${resource.link}`;
    case "segment":
      return `VXLAN segment ${resource.vni} at port ${resource.port}`;
    case "member":
      return `membership of ${resource.address} in VXLAN segment ${resource.vni}`;
    default:
      return wordsOfExtension(resource);
  }
}

/** Of a kind that an extension brought, which may be gone: the kind and what names it, `tunnel t0`. */
function wordsOfExtension(resource: { readonly kind: string; readonly name?: unknown; readonly id?: unknown }): string {
  const name = [resource.name, resource.id].find((value) => typeof value === "string");
  return printable(typeof name === "string" ? `${resource.kind} ${name.slice(0, 80)}` : resource.kind);
}
