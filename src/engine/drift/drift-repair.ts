import type {
  HostDrift,
  Netns,
  OrphanDrift,
  Outdated,
  Overlay,
  OwnedDrift,
  Resource,
  RuntimeProcess,
  SkeletonDamage,
  Tmpfs,
  Unheard,
} from "../../api/index.js";
import { isIntent } from "../../api/intent.js";
import type { ContainerRow, EndpointRow, NetworkRow, PeerRow, VolumeRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { vainListeners } from "../host-facts/vain-listeners.js";
import type { NatSelection } from "../nat/nat-selection.js";
import { learnEndpoints } from "../resources/learned-endpoints.js";
import { asSeen, isActive, lives, runOf } from "../rows/active-container.js";
import { peerName } from "../rows/peer-name.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { Neighbours } from "../updates/neighbours.js";
import type { OrphanCollector } from "./orphan-collector.js";

type Row = NetworkRow | PeerRow | ContainerRow | EndpointRow | VolumeRow;

interface Held {
  readonly of: OwnedDrift["of"];
  readonly resources: readonly Resource[];
  /** Lives in the namespace that is listed. */
  readonly process?: RuntimeProcess | undefined;
}

/** Drift of what is on a link shows only once the link is there again. */
const MAX_ROUNDS = 3;

/** Finds and repairs drift: the host differs from what the store lists. */
export class DriftRepair {
  constructor(
    private readonly parts: Pick<Parts, "store" | "applier" | "processes" | "host" | "warn">,
    private readonly orphanCollector: Pick<OrphanCollector, "find">,
    private readonly nat: Pick<NatSelection, "skeleton">,
    private readonly updates: {
      readonly adaptations: Pick<Adaptations, "outdated" | "follow">;
      readonly neighbours: Pick<Neighbours, "follow" | "lists">;
    },
  ) {}

  /** See {@link System.check}. */
  async check(): Promise<readonly HostDrift[]> {
    return [
      ...(await this.damages()),
      ...(await this.outdated()),
      ...(await this.ownedDrifts()),
      ...(await this.unheard()),
      ...(await this.orphans()),
    ];
  }

  /** See {@link System.reload}. */
  async reload(): Promise<{ readonly found: readonly HostDrift[]; readonly left: readonly HostDrift[] }> {
    const damages = await this.damages();
    const outdated = await this.outdated();
    const found = await this.ownedDrifts();
    await this.updates.adaptations.follow();
    if (damages.length > 0) await (await this.nat.skeleton())?.repair();
    let left = await this.ownedDrifts();
    const givenUp = new Set<string>();
    const obstacles = new Map<string, string>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const broken = left.filter(({ repairable, of }) => repairable && !givenUp.has(of.id));
      if (broken.length === 0) break;
      for (const [key, obstacle] of await this.repair(broken)) obstacles.set(key, obstacle);
      await this.takeBack(broken);
      for (const id of await this.learn(broken)) givenUp.add(id);
      left = await this.ownedDrifts();
    }
    const orphans = await this.orphans();
    return {
      found: [...damages, ...outdated, ...found, ...orphans],
      left: [
        ...(damages.length > 0 ? await this.damages() : []),
        ...(outdated.length > 0 ? await this.outdated() : []),
        ...left.map((drift) => withObstacle(drift, obstacles)),
        ...orphans,
      ],
    };
  }

  /** Of the rules that all intents stand on; without any intent, nothing depends on them. */
  private async damages(): Promise<readonly SkeletonDamage[]> {
    if (!this.rows().some(({ resources }) => resources.some(isIntent))) return [];
    const skeleton = await this.nat.skeleton();
    return ((await skeleton?.inspect()) ?? []).map((damage) => ({ problem: "damaged", ...damage }));
  }

  private async outdated(): Promise<readonly Outdated[]> {
    return (await this.updates.adaptations.outdated()).map(({ row, what }) => ({
      problem: "outdated",
      of: { kind: "network", id: row.id, name: row.network.name },
      what,
    }));
  }

  private async unheard(): Promise<readonly Unheard[]> {
    const found = vainListeners(await this.parts.host(), this.parts.store.endpoints.list());
    return found.map(({ row, what }) => ({ problem: "unheard", of: this.nameOf(row), what }));
  }

  private async orphans(): Promise<readonly OrphanDrift[]> {
    return (await this.orphanCollector.find()).map((orphan) => ({ problem: "stray", ...orphan }));
  }

  private async ownedDrifts(): Promise<readonly OwnedDrift[]> {
    const owners = new Map<Resource, Held>();
    for (const held of this.held()) for (const resource of held.resources) owners.set(resource, held);
    const drifts = await this.parts.applier.inspect([...owners.keys()]);
    const found = drifts.flatMap(({ resource, ...drift }) => {
      const held = owners.get(resource);
      return held === undefined ? [] : [{ ...drift, resource: withProcess(resource, held.process), of: held.of }];
    });
    const gone = new Set(found.flatMap(({ resource }) => (isGone(resource) ? [resource.path] : [])));
    return found.map((drift) => ({
      ...drift,
      repairable: drift.problem !== "unchecked" && isRepairable(drift.resource, gone),
    }));
  }

  /**
   * All at once, which costs one change of the firewall; one by one where something is in the way of one of them. Returns what
   * it was, by the key of the resource.
   */
  private async repair(broken: readonly OwnedDrift[]): Promise<ReadonlyMap<string, string>> {
    const { applier } = this.parts;
    const obstacles = new Map<string, string>();
    try {
      await applier.ensure(broken.map(({ resource }) => resource));
    } catch {
      // What cannot be repaired is found again by the check that follows.
      for (const { resource } of broken) {
        await applier.ensure([resource]).catch((error: unknown) => {
          if (TsdError.is(error)) obstacles.set(keyOf(resource), error.message);
        });
      }
    }
    return obstacles;
  }

  /**
   * An endpoint that was made again may have another address. One that cannot be used as it was made is taken down, and its
   * row says what it had: its id is returned.
   */
  private async learn(broken: readonly OwnedDrift[]): Promise<readonly string[]> {
    const { store, applier, warn } = this.parts;
    const ids = new Set(broken.flatMap(({ of }) => (of.kind === "endpoint" ? [of.id] : [])));
    const refused: string[] = [];
    for (const before of [...ids].flatMap((id) => store.endpoints.get(id) ?? [])) {
      try {
        await this.updates.neighbours.follow([before], await learnEndpoints(this.parts, [before]));
      } catch (error) {
        if (!TsdError.is(error, "plugin")) throw error;
        const { name } = this.nameOf(before);
        warn(`an endpoint of ${name} is not repaired: ${error.message}`);
        await applier.removeOrForget(before.resources);
        refused.push(before.id);
      }
    }
    return refused;
  }

  /** Of rows that another command has removed meanwhile. */
  private async takeBack(broken: readonly OwnedDrift[]): Promise<void> {
    const present = new Set(this.rows().map(({ id }) => id));
    const gone = broken.filter(({ of }) => !present.has(of.id));
    await this.parts.applier.remove(gone.map(({ resource }) => resource));
  }

  /** In an order in which it can be made: networks and who else is on them, then namespaces, then what joins the two. */
  private held(): readonly Held[] {
    const listedBy = this.updates.neighbours.lists();
    return this.rows().map((row) => ({
      of: this.nameOf(row),
      resources: visible("container" in row ? listedBy(row) : row.resources),
      process: "container" in row ? this.processOf(row) : undefined,
    }));
  }

  private rows(): readonly Row[] {
    const { networks, peers, containers, endpoints, volumes } = this.parts.store;
    const present = containers.list();
    const inTransition = new Set(present.filter((row) => this.isInTransition(row)).map(({ id }) => id));
    const rows: readonly Row[] = [
      ...networks.list(),
      ...peers.list(),
      ...volumes.list(),
      ...present,
      ...endpoints.list(),
    ];
    return rows.filter((row) => row.state === "ready" && !inTransition.has(holderOf(row)));
  }

  /** Starts or ends at this moment, or has ended, and its supervisor is about to see to it. */
  private isInTransition(row: ContainerRow): boolean {
    const { status } = row.container;
    return (status !== "running" && isActive(row.container)) || asSeen(this.parts.processes, row).status !== status;
  }

  private processOf(row: ContainerRow): RuntimeProcess | undefined {
    const { processes } = this.parts;
    return lives(processes, row) ? runOf(processes, row).process : undefined;
  }

  private nameOf(row: Row): OwnedDrift["of"] {
    if ("network" in row) return { kind: "network", id: row.id, name: row.network.name };
    if ("peer" in row) return { kind: "peer", id: row.id, name: peerName(this.parts.store, row.peer) };
    if ("volume" in row) return { kind: "volume", id: row.id, name: row.volume.name };
    if ("container" in row) return { kind: "container", id: row.id, name: row.container.name };
    const container = this.parts.store.containers.get(row.containerId ?? "")?.container;
    return { kind: "endpoint", id: row.id, name: container?.name ?? row.endpoint.netns };
  }
}

function keyOf(resource: Resource): string {
  return JSON.stringify(resource);
}

function withObstacle(drift: OwnedDrift, obstacles: ReadonlyMap<string, string>): OwnedDrift {
  const obstacle = obstacles.get(keyOf(drift.resource));
  return obstacle === undefined ? drift : { ...drift, obstacle };
}

/** A directory that something is mounted on shows what is mounted. */
function visible(resources: readonly Resource[]): readonly Resource[] {
  const mounts = new Set(resources.flatMap((resource) => (isMount(resource) ? [resource.path] : [])));
  return resources.filter((resource) => resource.kind !== "directory" || !mounts.has(resource.path));
}

/** The container that a row comes and goes with; the row itself for one that has none. */
function holderOf(row: Row): string {
  return "endpoint" in row ? (row.containerId ?? row.id) : row.id;
}

/** A namespace whose name is lost has another made while a process is in it. */
function withProcess(resource: Resource, process: RuntimeProcess | undefined): Resource {
  return resource.kind === "netns" && process !== undefined ? { ...resource, process } : resource;
}

function isGone(resource: Resource): resource is Netns {
  return resource.kind === "netns" && resource.process === undefined;
}

function isMount(resource: Resource): resource is Overlay | Tmpfs {
  return resource.kind === "overlay" || resource.kind === "tmpfs";
}

/** A namespace that is gone is not brought back by making another in its place, nor is a file system under a process. */
function isRepairable(resource: Resource, gone: ReadonlySet<string>): boolean {
  if (isGone(resource) || isMount(resource) || resource.kind === "volume part") return false;
  const places =
    resource.kind === "link" && resource.type === "veth"
      ? [resource.netns, resource.peer.netns]
      : ["netns" in resource ? resource.netns : undefined];
  return places.every((place) => place === undefined || !gone.has(place));
}
