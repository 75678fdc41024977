import type { ContainerRow, ContainerSpec, EndpointRow, PortBinding } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Alterations } from "./alterations.js";
import { publishingEndpoint, sandboxOwner } from "./attachments.js";
import { planPorts } from "./endpoint-plan.js";
import { shortId } from "./identifiers.js";
import type { Parts } from "./parts.js";
import { type PortRequest, parsePort } from "./port-spec.js";
import { requireNamespace } from "./require-namespace.js";
import { makerOf } from "./sandbox.js";

/** Ports that are published and taken back while their container runs. */
export class LivePorts {
  constructor(
    private readonly parts: Pick<Parts, "store" | "drivers" | "host" | "warn">,
    private readonly alterations: Alterations,
  ) {}

  async publish(running: ContainerRow, texts: readonly string[]): Promise<readonly PortBinding[]> {
    const { store } = this.parts;
    const ports = texts.map(parsePort);
    const host = await this.parts.host();
    const owner = sandboxOwner(store, running);
    requireNamespace(host, owner.container);
    const endpoint = this.requireEndpoint(owner);
    let added: readonly PortBinding[] = [];
    await this.change(owner, endpoint, (row) => {
      store.requireRoom();
      const { network } = store.networks.resolve(row.endpoint.networkId);
      added = planPorts(this.parts, host, { network, endpoint: row.endpoint, ports });
      return { ports: [...row.endpoint.ports, ...added], publish: (given) => [...given, ...texts] };
    });
    return added;
  }

  async unpublish(running: ContainerRow, texts: readonly string[]): Promise<readonly PortBinding[]> {
    const { store } = this.parts;
    const wanted = texts.map((text) => ({ text, request: parsePort(text) }));
    const owner = sandboxOwner(store, running);
    requireNamespace(await this.parts.host(), owner.container);
    let removed: readonly PortBinding[] = [];
    await this.change(owner, this.requireEndpoint(owner), ({ endpoint }) => {
      removed = wanted.flatMap(({ text, request }) => {
        const matching = endpoint.ports.filter((port) => isAskedFor(port, request));
        if (matching.length === 0) throw notPublished(text, owner);
        return matching;
      });
      const ports = endpoint.ports.filter((port) => !removed.includes(port));
      return { ports, publish: (given) => withoutPublications(given, removed) };
    });
    return removed;
  }

  /** Changes the endpoint's ports, and what the container's next start publishes, or neither. */
  private async change(
    { id }: ContainerRow,
    endpoint: EndpointRow,
    decide: (row: EndpointRow) => {
      readonly ports: readonly PortBinding[];
      readonly publish: (given: readonly string[]) => readonly string[];
    },
  ): Promise<void> {
    const { store } = this.parts;
    let before: ContainerSpec["publish"];
    // Whose own network it is, and who publishes at the next start; nobody once that one is removed.
    const starter = () => makerOf(store, store.containers.resolve(id));
    const rewrite = (publish: readonly string[]): void => {
      const row = starter();
      if (row === undefined) return;
      store.containers.update({ ...row, container: { ...row.container, spec: { ...row.container.spec, publish } } });
    };
    try {
      const changed = await this.alterations.endpoint(endpoint.id, (row) => {
        const { ports, publish } = decide(row);
        const given = starter()?.container.spec.publish ?? [];
        rewrite(publish(given));
        before = given;
        return { ports };
      });
      if (changed === undefined) throw notPublishing(id, endpoint);
    } catch (error) {
      const given = before;
      if (given !== undefined) store.transaction(() => rewrite(given));
      throw error;
    }
  }

  private requireEndpoint({ id, container }: ContainerRow): EndpointRow {
    const endpoint = publishingEndpoint(this.parts, this.parts.store.endpoints.ofContainer(id));
    if (endpoint !== undefined) return endpoint;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_PORT_NO_NETWORK",
      message: `container "${container.name}" is on no network that publishes ports`,
      hint: `Connect it to one: tsd network connect NETWORK ${container.name}`,
      details: { container: id },
    });
  }
}

/** A port is named by its place in the container, and by its place on the host where that was said too. */
function isAskedFor(port: PortBinding, { hostPort, hostAddress, ...request }: PortRequest): boolean {
  return (
    port.protocol === request.protocol &&
    port.containerPort === request.containerPort &&
    port.count === request.count &&
    (hostPort === undefined || hostPort === port.hostPort) &&
    (hostAddress === undefined || hostAddress === port.hostAddress)
  );
}

/** Takes away, for each port, the first publication that could have led to it. */
function withoutPublications(given: readonly string[], removed: readonly PortBinding[]): readonly string[] {
  const left = [...given];
  for (const port of removed) {
    const index = left.findIndex((text) => {
      const { hostPortEnd, ...request } = parsePort(text);
      if (hostPortEnd === undefined) return isAskedFor(port, request);
      const { hostPort: first = 0, ...rest } = request;
      return port.hostPort >= first && port.hostPort <= hostPortEnd && isAskedFor(port, rest);
    });
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}

function notPublishing(container: string, { id }: EndpointRow): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ENDPOINT_NOT_READY",
    message: `endpoint ${shortId(id)} is going, and its container with it`,
    hint: "Try again when the container runs.",
    details: { endpoint: id, container },
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
