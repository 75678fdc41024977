import type { Finding } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";
import { dropsOfNetworks, remedyFor } from "../host-facts/dropping-chains.js";
import { ownLinks } from "../host-facts/own-links.js";
import { vainListeners } from "../host-facts/vain-listeners.js";
import type { NatSelection } from "../nat/nat-selection.js";
import { endpointUser } from "../rows/endpoint-user.js";
import { portCollisions, routeCollisions } from "./collisions.js";
import { findingsOf } from "./findings-of.js";
import { foreignFirewalls } from "./firewall-managers.js";
import { fullConntrack, fullNeighbours } from "./full-tables.js";
import { backwardClock, missingFeatures, missingPrograms, ungroupedContainers, unreadableBootId } from "./machine.js";
import { narrowBridges, wideNetworks } from "./mtu.js";
import { bridgeNetfilter, droppingChains, stoppedForwarding } from "./packet-path.js";
import { unreachableResolvers } from "./resolvers.js";
import { droppedFrames, lostUnderlays, narrowUnderlays, silentHosts } from "./spanning-networks.js";

/** Reports problems on the host that tsd must not fix itself. One function per check. */
export class Doctor {
  constructor(
    private readonly parts: Pick<Parts, "store" | "host" | "runtime" | "membership" | "cluster">,
    private readonly nat: Pick<NatSelection, "known" | "requireUsable" | "state">,
  ) {}

  /** See {@link System.doctor}. */
  async examine(): Promise<readonly Finding[]> {
    const { store } = this.parts;
    const host = await this.parts.host();
    const rows = store.networks.list();
    const networks = rows.map(({ network }) => network);
    const own = ownLinks(store);
    const results = await Promise.all([
      this.missingRuntime(),
      missingPrograms(host),
      this.unusableBackend(),
      missingFeatures(host, this.parts.membership() !== undefined),
      unreadableBootId(host),
      backwardClock(store.changes, new Date()),
      stoppedForwarding(host, networks, own),
      this.droppingChains(),
      foreignFirewalls(host, rows, this.nat.known()?.active),
      unreachableResolvers(host),
      bridgeNetfilter(host, rows),
      fullConntrack(host),
      fullNeighbours(host),
      routeCollisions(host, rows, own),
      wideNetworks(host, rows),
      narrowBridges(host, rows, store.endpoints.list()),
      silentHosts(this.parts, rows),
      narrowUnderlays(host, rows),
      lostUnderlays(host, rows),
      droppedFrames(host, rows, {
        peersOf: (id) => store.peers.ofNetwork(id),
        backend: this.nat.known()?.active,
      }),
      portCollisions(host, store.containers.list()),
      vainListeners(host, store.endpoints.list()).map(({ row, what }) => ({
        problem: `${what}: it is published by ${endpointUser(store, row)}`,
        remedy: "Have it listen on another port, or publish another one.",
      })),
    ]);
    // The command that needs a program reports that it is missing.
    return [...new Map(results.flat().map((finding) => [finding.problem, finding])).values()];
  }

  private async droppingChains(): Promise<readonly Finding[]> {
    const { store } = this.parts;
    return droppingChains(await dropsOfNetworks(store, await this.parts.host()), (drop) => remedyFor(store, drop));
  }

  private async missingRuntime(): Promise<readonly Finding[]> {
    const runtime = await this.parts.runtime();
    return findingsOf(async () => ungroupedContainers(await runtime.versions()));
  }

  private unusableBackend(): Promise<readonly Finding[]> {
    const known = this.nat.known();
    return findingsOf(async () => {
      await (known === undefined ? this.nat.state() : this.nat.requireUsable(known.active));
      return [];
    });
  }
}
