import type { PortBinding } from "../../api/index.js";
import type { ContainerRow, EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { requireNamespace } from "../host-facts/require-namespace.js";
import { sandboxOwner } from "../plan/attachments.js";
import { isAskedFor, withoutPublications } from "../plan/port-match.js";
import { joinFamilies, planShares, publishingEndpoint, sharesOf } from "../plan/port-shares.js";
import { type Publication, publicationsOf, withPublications } from "../requests/container-requests.js";
import { shortId } from "../rows/identifiers.js";
import { makerOf } from "../sandbox/sandbox.js";
import type { EndpointUpdates } from "../updates/endpoint-updates.js";
import type { Neighbours } from "../updates/neighbours.js";

/** Ports that are published and taken back while their container runs. */
export class LivePorts {
  constructor(
    private readonly parts: Pick<Parts, "store" | "drivers" | "host" | "warn">,
    private readonly endpointUpdates: EndpointUpdates,
    private readonly neighbours: Pick<Neighbours, "follow">,
  ) {}

  async publish(running: ContainerRow, asked: readonly Publication[]): Promise<readonly PortBinding[]> {
    const { store } = this.parts;
    const requests = asked.map(({ request }) => request);
    const host = await this.parts.host();
    const owner = sandboxOwner(store, running);
    requireNamespace(host, owner.container);
    this.requireEndpoint(owner);
    let added: readonly PortBinding[] = [];
    await this.change(owner, (rows) => {
      store.requireRoom();
      added = [...planShares(this.parts, host, { rows, requests }).values()].flat();
      return { ports: [...portsOf(rows), ...added], publish: (given) => [...given, ...asked] };
    });
    return added;
  }

  async unpublish(running: ContainerRow, asked: readonly Publication[]): Promise<readonly PortBinding[]> {
    const { store } = this.parts;
    const owner = sandboxOwner(store, running);
    requireNamespace(await this.parts.host(), owner.container);
    this.requireEndpoint(owner);
    let removed: readonly PortBinding[] = [];
    await this.change(owner, (rows) => {
      const present = portsOf(rows);
      removed = asked.flatMap(({ text, request }) => {
        const matching = present.filter((port) => isAskedFor(port, request));
        if (matching.length === 0) throw notPublished(text, owner);
        return matching;
      });
      const ports = present.filter((port) => !removed.includes(port));
      return { ports, publish: (given) => withoutPublications(given, joinFamilies(removed)) };
    });
    return removed;
  }

  /** Changes the ports of all endpoints, and what the container's next start publishes, or neither. */
  private async change(
    { id }: ContainerRow,
    decide: (rows: readonly EndpointRow[]) => {
      readonly ports: readonly PortBinding[];
      readonly publish: (given: readonly Publication[]) => readonly Publication[];
    },
  ): Promise<void> {
    const { store } = this.parts;
    let before: readonly Publication[] | undefined;
    // Whose own network it is, and who publishes at the next start; nobody once that one is removed.
    const starter = () => makerOf(store, store.containers.resolve(id));
    const rewrite = (publications: readonly Publication[]): void => {
      const row = starter();
      if (row !== undefined) store.containers.update(withPublications(row, publications));
    };
    const list = (): readonly EndpointRow[] =>
      store.endpoints.ofContainer(id).filter(({ state }) => state === "ready" || state === "changing");
    const former = list();
    try {
      const isAlive = await this.endpointUpdates.shares(list, (rows) => {
        const { ports, publish } = decide(rows);
        const row = starter();
        const given = row === undefined ? [] : publicationsOf(row);
        rewrite(publish(given));
        before = given;
        return sharesOf(this.parts, rows, ports);
      });
      if (!isAlive) throw notChanging(id);
    } catch (error) {
      const given = before;
      if (given !== undefined) store.transaction(() => rewrite(given));
      throw error;
    }
    await this.neighbours.follow(former, list());
  }

  private requireEndpoint({ id, container }: ContainerRow): void {
    if (publishingEndpoint(this.parts, this.parts.store.endpoints.ofContainer(id)) !== undefined) return;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_PORT_NO_NETWORK",
      message: `container "${container.name}" is on no network that publishes ports`,
      hint: `Connect it to one: tsd network connect NETWORK ${container.name}`,
      details: { container: id },
    });
  }
}

function portsOf(rows: readonly EndpointRow[]): readonly PortBinding[] {
  return rows.flatMap(({ endpoint }) => endpoint.ports);
}

function notChanging(container: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ENDPOINT_NOT_READY",
    message: `container ${shortId(container)} is ending`,
    hint: "Try again when the container runs.",
    details: { container },
  });
}

function notPublished(text: string, { container }: ContainerRow): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_PORT_NOT_PUBLISHED",
    message: `container "${container.name}" does not publish ${text}`,
    hint: `See what it publishes: tsd port ${container.name}`,
    details: { container: container.id, port: text },
  });
}
