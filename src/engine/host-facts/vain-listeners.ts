import { familyOf } from "../../api/address-family.js";
import type { Publish } from "../../api/index.js";
import type { EndpointRow, HeldListener, Listener, Sockets } from "../../contracts/index.js";

/** A process of the host that receives nothing, in words, and the endpoint that has the port. */
export interface VainListener {
  readonly row: EndpointRow;
  readonly what: string;
}

/**
 * Processes of the host that bound a published port after the container had it. The kernel lets them, and translates what
 * comes before it looks for a socket, so that they hear nothing.
 */
export function vainListeners(
  host: Pick<Sockets, "findListeners" | "portRange">,
  endpoints: readonly EndpointRow[],
): readonly VainListener[] {
  const published = endpoints
    .filter(({ endpoint }) => !endpoint.reservesPorts)
    .flatMap((row) => row.resources.flatMap((one) => (one.kind === "publish" ? [{ row, publish: one }] : [])));
  if (published.length === 0) return [];
  const range = host.portRange();
  // A client of UDP looks like a server. The kernel gives it a port of this range.
  const isClient = ({ protocol, port }: Listener) => protocol === "udp" && port >= range.first && port <= range.last;
  const holderOf = (listener: Listener) =>
    isClient(listener) ? undefined : published.find(({ publish }) => takesFrom(publish, listener));
  return host
    .findListeners((listener) => holderOf(listener) !== undefined)
    .flatMap((listener) => {
      const holder = holderOf(listener);
      if (holder === undefined || isKeeper(holder.row, listener)) return [];
      const { process, port, protocol, address } = listener;
      const who = process === undefined ? "a process of the host" : `${process.name} (process ${process.pid})`;
      const what = `${who} listens on port ${port}/${protocol} of ${address} in vain${placeOf(holder.publish)}`;
      return [{ row: holder.row, what }];
    });
}

/** podman has the supervisor of its container hold the ports on the host, so that no other program takes them. */
function isKeeper({ containerId }: EndpointRow, { process }: HeldListener): boolean {
  return containerId === undefined && process?.name === "conmon";
}

function placeOf({ hostAddress }: Publish): string {
  return hostAddress === undefined || isUnspecified(hostAddress) ? "" : ` where ${hostAddress} is called`;
}

/** Whether what is called there goes to the container; the kernel leads ::1 to none. */
function takesFrom({ protocol, hostAddress, containerAddress, hostPort, count }: Publish, listener: Listener): boolean {
  if (listener.protocol !== protocol || listener.address === "::1") return false;
  if (listener.port < hostPort || listener.port >= hostPort + count) return false;
  const { address } = listener;
  // A socket of IPv6 on all addresses receives IPv4 as well, unless IPV6_V6ONLY is set.
  const isOfFamily = address === "::" || familyOf(address) === familyOf(containerAddress);
  const isAny = hostAddress === undefined || isUnspecified(hostAddress);
  return isOfFamily && (isAny || address === hostAddress || isUnspecified(address));
}

function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
