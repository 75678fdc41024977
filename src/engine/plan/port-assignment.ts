import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { PortBinding } from "../../api/index.js";
import type { PortRequest, Routing, Sockets, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { wirePortHolder } from "../host-facts/wire-ports.js";
import { endpointUser } from "../rows/endpoint-user.js";

interface PortClaim {
  readonly endpointId: string;
  readonly requests: readonly PortRequest[];
  /** The user of the endpoint listens on the ports itself. */
  readonly isReserved: boolean;
}

/** Decides and claims host ports, in the caller's transaction. Throws `conflict` naming who has a port, or `exhausted`. */
export function assignPorts(store: Store, host: Routing & Sockets, claim: PortClaim): readonly PortBinding[] {
  return claim.requests.map((request) => {
    refuseAbsentAddress(host, request);
    const binding = chooseBinding(store, host, request);
    refuseWirePort(store, binding);
    claimBinding(store, claim.endpointId, binding);
    if (!claim.isReserved) refuseBusy(host, binding);
    return binding;
  });
}

function refuseAbsentAddress(host: Routing & Sockets, { hostAddress, protocol }: PortRequest): void {
  if (hostAddress === undefined || host.canBind(protocol, hostAddress)) return;
  const family = familyOf(hostAddress) === 6 ? "ipv6" : "ipv4";
  const own = host.addresses().map(({ address }) => withoutPrefix(address));
  const addresses = own.filter((address) => familyOf(address) === familyOf(hostAddress));
  throw new TsdError({
    kind: "not-found",
    code: "TSD_PORT_ADDRESS",
    message: `cannot publish on ${hostAddress}: it is no address of this host${addresses.length === 0 ? "" : `, which has ${addresses.slice(0, 8).join(", ")}`}`,
    hint: `Leave the address out, or add it to the host first; for one that comes later: sysctl -w net.${family}.ip_nonlocal_bind=1`,
    details: { hostAddress, addresses },
  });
}

/** A binding that is free, and not claimed yet. */
export function chooseBinding(store: Store, host: Sockets, request: PortRequest): PortBinding {
  const { hostPort, hostPortEnd, ...rest } = request;
  if (hostPort !== undefined && hostPortEnd === undefined) return { ...rest, hostPort };
  const range = hostPort === undefined ? host.portRange() : { first: hostPort, last: hostPortEnd ?? hostPort };
  const places = range.last - range.first - rest.count + 2;
  // Starting anywhere keeps a port that was just given back from being the next one handed out.
  const offset = hostPort === undefined ? Math.floor(Math.random() * Math.max(places, 1)) : 0;
  for (let i = 0; i < places; i++) {
    const binding = { ...rest, hostPort: range.first + ((offset + i) % places) };
    const isFree = store.endpoints.portHolder(binding) === undefined && busyPort(host, binding) === undefined;
    if (isFree && wirePortHolder(store, binding) === undefined) return binding;
  }
  throw new TsdError({
    kind: "exhausted",
    code: "TSD_PORT_NONE_FREE",
    message: `no ${rest.count === 1 ? "port" : `${rest.count} consecutive ports`} from ${range.first} to ${range.last} (${rest.protocol}) ${rest.count === 1 ? "is" : "are"} free on the host`,
    hint: "Name a host port, or stop a container that publishes in that range.",
    details: { ...range, protocol: rest.protocol },
  });
}

function claimBinding(store: Store, endpointId: string, binding: PortBinding): void {
  try {
    store.endpoints.claimPorts(endpointId, [binding]);
  } catch (error) {
    if (!TsdError.is(error, "conflict")) throw error;
    const holder = String(error.details.endpointId);
    const user = endpointUser(store, store.endpoints.get(holder));
    throw new TsdError({
      kind: "conflict",
      code: "TSD_PORT_TAKEN",
      message: `${portName(binding)} ${binding.count === 1 ? "is" : "are"} published by ${user}`,
      hint: "Publish another port, or stop that container first.",
      details: { ...error.details, ...binding },
      cause: error,
    });
  }
}

/** Before a boot has made the network's links, no socket has the port. */
function refuseWirePort(store: Store, binding: PortBinding): void {
  const holder = wirePortHolder(store, binding);
  if (holder === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_WIRE_PORT",
    message: `${portName({ ...binding, hostPort: holder.port, count: 1 })} is that of network "${holder.network}" between its hosts`,
    hint: "Publish another port.",
    details: { ...binding, ...holder },
  });
}

function refuseBusy(host: Sockets, binding: PortBinding): void {
  const busy = busyPort(host, binding);
  if (busy === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_PORT_BUSY",
    message: `${portName({ ...binding, hostPort: busy, count: 1 })} is in use by a process on the host`,
    hint: `Publish another port, or see who listens: ss -lnp sport = :${busy}`,
    details: { ...binding, busy },
  });
}

function busyPort(host: Sockets, binding: PortBinding): number | undefined {
  for (let port = binding.hostPort; port < binding.hostPort + binding.count; port++) {
    if (!host.isPortFree({ ...binding, hostPort: port })) return port;
  }
  return undefined;
}

function portName({ hostAddress, hostPort, count, protocol }: PortBinding): string {
  const range = count === 1 ? `port ${hostPort}/${protocol}` : `ports ${hostPort}-${hostPort + count - 1}/${protocol}`;
  return hostAddress === undefined ? range : `${range} of ${hostAddress}`;
}
