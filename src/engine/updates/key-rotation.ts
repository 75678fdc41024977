import type { NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { without } from "../resources/resource-lists.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { busy } from "../rows/refuse-busy.js";
import type { Adaptations } from "./adaptations.js";

/**
 * Gives this host another private key in an encrypted network. The row becomes `changing`: it says which key is meant, and lists the one
 * that goes. So a rotation that is cut short is finished by the next command. The agent writes the public key down for the other hosts.
 */
export class KeyRotation {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "wireguardKeys">,
    private readonly adaptations: Pick<Adaptations, "complete">,
  ) {}

  /** Returns the new public key, base64. Throws `invalid-input` for a network that is not encrypted. */
  async rotate(id: string): Promise<string> {
    const { store, wireguardKeys } = this.parts;
    const { before, after } = store.transaction(() => this.begin(id));
    if (after.state === "changing") {
      await undoOnFailure(
        () => this.adaptations.complete(after),
        () => this.adaptations.complete(store.transaction(() => this.turnBack(before))),
      );
    } else await wireguardKeys.forget({ network: after.id, generation: generationOf(before) });
    return wireguardKeys.publicKey({ network: after.id, generation: generationOf(after) });
  }

  /** In the caller's transaction. */
  private begin(id: string): { readonly before: NetworkRow; readonly after: NetworkRow } {
    const { store, processes } = this.parts;
    const before = store.networks.resolve(id);
    if (before.state !== "ready") throw busy(before, { noun: "network", called: `network "${before.network.name}"` });
    const next = withGeneration(before, generationOf(before) + 1);
    // After a boot there is nothing to change, and the first endpoint makes all of it.
    if (before.owner.bootId === processes.self().bootId) return { before, after: this.turn(before, next) };
    store.networks.update(next);
    return { before, after: next };
  }

  /** Of the row only which key is meant: the network may have come to have another block meanwhile. In the caller's transaction. */
  private turnBack(before: NetworkRow): NetworkRow {
    const now = this.parts.store.networks.resolve(before.id);
    return this.turn(now, withGeneration(now, generationOf(before)));
  }

  /** Writes down that the network is to have another key, in the caller's transaction. */
  private turn(from: NetworkRow, { network, resources }: NetworkRow): NetworkRow {
    const { store, processes } = this.parts;
    const leaving = without(from.resources, resources);
    const changing: NetworkRow = { ...from, network, resources, leaving, state: "changing", owner: processes.self() };
    store.networks.update(changing);
    return changing;
  }
}

function generationOf({ network }: NetworkRow): number {
  const { name, cluster } = network;
  if (cluster?.wireguard !== undefined) return cluster.wireguard.generation;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETWORK_CLEAR",
    message: `network "${name}" has no key: it is not encrypted`,
    hint: "Create a network that is: tsd network create --driver overlay -o encrypted=true",
    details: { network: name },
  });
}

function withGeneration(row: NetworkRow, generation: number): NetworkRow {
  const { cluster, ...network } = row.network;
  if (cluster?.wireguard === undefined) return row;
  return {
    ...row,
    network: { ...network, cluster: { ...cluster, wireguard: { ...cluster.wireguard, generation } } },
    resources: row.resources.map((one) => (one.kind === "wireguard" ? { ...one, generation } : one)),
  };
}
