import { constants } from "node:os";
import type { Wireguard, WireguardPeer } from "../../api/cluster-resource.js";
import type { Drift, Provider } from "../../api/provider.js";
import { TsdError } from "../../errors/tsd-error.js";
import { shellLine } from "../shell-words.js";
import { type DeviceRequest, Devices, isGone } from "./devices.js";
import { type DeviceState, encodeDevice, encodeNoPeer, encodePeer, endpointText, type PeerState } from "./messages.js";
import { PrivateKeys, publicKeyOf } from "./private-keys.js";

type WireguardResource = Wireguard | WireguardPeer;

/**
 * Keys, ports and peers of links of type wireguard, by generic netlink. A link that is not tsd's gets none. What it says to the user, to
 * those who watch and to the shell has public keys alone.
 */
export class WireguardProvider implements Provider<WireguardResource["kind"]> {
  readonly kinds = ["wireguard", "wireguard peer"] as const;
  private readonly keys: PrivateKeys;

  /** `directory` holds the private keys; `mark` is on the links of this installation. */
  constructor(
    directory: string,
    private readonly mark?: string,
  ) {
    this.keys = new PrivateKeys(directory);
  }

  async ensure(resources: readonly WireguardResource[]): Promise<void> {
    using devices = new Devices(this.mark);
    for (const { link } of resources) devices.require(link);
    devices.send(
      resources.map((resource) =>
        resource.kind === "wireguard" ? this.settingRequest(resource) : peerRequest(resource),
      ),
    );
  }

  /** The settings of a link go with it. Its private key goes for good. */
  async remove(resources: readonly WireguardResource[]): Promise<void> {
    const peers = resources.filter((resource) => resource.kind === "wireguard peer");
    if (peers.length > 0) {
      using devices = new Devices(this.mark);
      devices.send(peers.filter(({ link }) => devices.has(link)).map(removalRequest));
    }
    for (const resource of resources) if (resource.kind === "wireguard") this.keys.remove(resource);
  }

  async inspect(resources: readonly WireguardResource[]): Promise<readonly Drift[]> {
    if (resources.length === 0) return [];
    using devices = new Devices(this.mark);
    const states = new Map([...new Set(resources.map(({ link }) => link))].map((link) => [link, devices.state(link)]));
    return resources.flatMap((resource): readonly Drift[] => {
      const state = states.get(resource.link);
      if (state === undefined) return [{ resource, problem: "missing" }];
      if (resource.kind === "wireguard") return drift(resource, this.settingFaults(resource, state));
      const peer = state.peers.get(resource.publicKey);
      return peer === undefined ? [{ resource, problem: "missing" }] : drift(resource, peerFaults(resource, peer));
    });
  }

  /** The words of wg(8), which reads the private key from its file. */
  async describe(verb: "ensure" | "remove", resources: readonly WireguardResource[]): Promise<readonly string[]> {
    return resources.flatMap((resource) =>
      resource.kind === "wireguard" ? this.describeSettings(verb, resource) : describePeer(verb, resource),
    );
  }

  private settingRequest(resource: Wireguard): DeviceRequest {
    const { link, port } = resource;
    const privateKey = this.keys.require(resource);
    return {
      operation: "set key and port of",
      object: link,
      encode: (batch, family) => encodeDevice(batch, family, { link, privateKey, port }),
      refused: ({ errno }) => (errno === constants.errno.EADDRINUSE ? portTaken(resource) : undefined),
    };
  }

  private settingFaults(resource: Wireguard, { publicKey, port }: DeviceState): readonly string[] {
    const key = this.keys.find(resource);
    return [
      ...(typeof key === "string" ? [`its private key ${key}`] : []),
      ...(typeof key !== "string" && publicKeyOf(key) !== publicKey ? [`has ${keyWords(publicKey)}`] : []),
      ...(port === resource.port ? [] : [`has UDP port ${port}`]),
    ];
  }

  private describeSettings(verb: "ensure" | "remove", resource: Wireguard): readonly string[] {
    const path = this.keys.pathOf(resource);
    if (verb === "remove") return [shellLine(["rm", path])];
    const { link, port } = resource;
    const lacksKey = typeof this.keys.find(resource) === "string";
    return [
      ...(lacksKey
        ? [`(umask 077 && ${shellLine(["mkdir", "-p", this.keys.directory])} && wg genkey >${shellLine([path])})`]
        : []),
      shellLine(["wg", "set", link, "listen-port", String(port), "private-key", path]),
    ];
  }
}

function peerRequest(peer: WireguardPeer): DeviceRequest {
  const { link, address, port } = peer;
  return {
    operation: "add peer",
    object: `${endpointText(address, port)} to ${link}`,
    encode: (batch, family) => encodePeer(batch, family, peer),
  };
}

function removalRequest(peer: WireguardPeer): DeviceRequest {
  const { link, address, port } = peer;
  return {
    operation: "remove peer",
    object: `${endpointText(address, port)} from ${link}`,
    encode: (batch, family) => encodeNoPeer(batch, family, peer),
    refused: (failure) => isGone(failure) || undefined,
  };
}

function peerFaults({ address, port, inner }: WireguardPeer, state: PeerState): readonly string[] {
  const { endpoint, allowed } = state;
  const wanted = inner.includes(":") ? `${inner}/128` : `${inner}/32`;
  return [
    ...(endpoint === endpointText(address, port) || hasRoamed(state, port)
      ? []
      : [`is at ${endpoint ?? "no known address"}`]),
    ...(allowed.length === 1 && allowed[0] === wanted
      ? []
      : [allowed.length === 0 ? "may send from no address" : `may send from ${allowed.join(", ")}`]),
  ];
}

/**
 * A host sends from the address that its route prefers, which need not be that of the cluster, and the kernel replies to where a peer sent
 * from (wireguard(7)), which may be any address of the peer's. Its port stays its own.
 */
function hasRoamed({ endpoint, isHeard }: PeerState, port: number): boolean {
  return isHeard && endpoint?.endsWith(`:${port}`) === true;
}

function drift(resource: WireguardResource, faults: readonly string[]): readonly Drift[] {
  return faults.length === 0 ? [] : [{ resource, problem: "different", found: faults.join(", ") }];
}

function keyWords(publicKey: string | undefined): string {
  return publicKey === undefined ? "no key" : `the key of ${publicKey}`;
}

function describePeer(verb: "ensure" | "remove", { link, publicKey, address, port, inner }: WireguardPeer): string {
  const peer = ["wg", "set", link, "peer", publicKey];
  if (verb === "remove") return shellLine([...peer, "remove"]);
  return shellLine([...peer, "endpoint", endpointText(address, port), "allowed-ips", inner]);
}

function portTaken({ link, port }: Wireguard): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_WIREGUARD_PORT",
    message: `${link} cannot have UDP port ${port}: another program has it`,
    hint: `See which: ss -lunp 'sport = ${port}'; then end it, or create the network with another: -o port=PORT`,
    details: { link, port },
  });
}
