import {
  API_VERSION,
  type Extension,
  type Network,
  type NetworkDriver,
  type Peer,
  type RawOptions,
  type Resource,
} from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";

const tunnelOf = ({ id }: Pick<Network, "id">): string => `vx-${id.slice(0, 12)}`;

/** A network that spans hosts in as few resources as have all kinds: what the engine does with them is what tests look at. */
class PlainOverlay extends BridgeDriver implements NetworkDriver {
  override readonly type = "plain-overlay" as "bridge";
  override readonly capabilities = {
    ...({ needsIpam: true, publishes: true, namespace: "own", singleton: false, spansHosts: true } as const),
  };

  override parseOptions(raw: RawOptions): RawOptions {
    return raw;
  }

  override network(network: Network): readonly Resource[] {
    return [
      ...super.network(network),
      {
        ...({
          kind: "link",
          type: "vxlan",
          name: tunnelOf(network),
          mac: network.cluster?.mac ?? network.mac,
        } as const),
        ...{ vni: network.cluster?.vni ?? 0, local: network.cluster?.address ?? "192.0.2.1", port: 4789 },
      },
      { kind: "membership", network: network.id },
    ];
  }

  peer(network: Network, peer: Peer): readonly Resource[] {
    const link = tunnelOf(network);
    const fdb: Resource = { kind: "fdb", link, mac: peer.mac, remote: peer.address };
    if (peer.kind === "endpoint")
      return [fdb, ...peer.addresses.map((address): Resource => ({ kind: "neighbour", link, address, mac: peer.mac }))];
    const gateway = peer.blocks[0]?.split("/")[0] ?? "";
    return [
      fdb,
      { kind: "neighbour", link, address: gateway, mac: peer.mac },
      ...peer.blocks.map((destination): Resource => ({ kind: "route", destination, gateway, onlink: true, link })),
    ];
  }
}

export const plainOverlay: Extension = {
  name: "plain-overlay",
  apiVersion: API_VERSION,
  drivers: [new PlainOverlay()],
};
