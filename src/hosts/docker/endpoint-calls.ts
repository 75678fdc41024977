import type { Drift, Learned, PortBinding } from "../../api/index.js";
import type { Claims } from "../../contracts/ecosystem.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { DockerEndpoint } from "./docker-resources.js";
import type { EndpointRecord, MovedLink } from "./endpoint-record.js";
import { applySettings, inspectSettings } from "./interface-settings.js";
import { findMoved, linkNames, moveBack, moveIn } from "./moved-link.js";
import type { NetworkCalls } from "./network-calls.js";
import { offeredLink } from "./offered-link.js";
import type { PluginClient } from "./plugin-client.js";
import { type Called, failed, isRefusal, refused } from "./plugin-failure.js";
import { readChosenInterface } from "./read-interface.js";
import { type Joined, readJoin } from "./read-join.js";
import type { Records } from "./records.js";
import { refuseRoutes } from "./refuse-routes.js";
import { createEndpoint, join, ofEndpoint, requestedInterface } from "./requests.js";

export const spoiltEndpoint: EndpointRecord = { state: "asked" };
const DEFAULT_PREFIX = "eth";
const NOT_IMPLEMENTED = 404;

interface EndpointParts {
  readonly client: PluginClient;
  readonly records: Records<EndpointRecord>;
  readonly networks: NetworkCalls;
  /** The MAC address by which the plug-in's IPAM knows an endpoint. */
  readonly leasedMac: (endpoint: string) => string | undefined;
  readonly claims: Claims;
}

/** The calls for one endpoint, and what the host does between them. */
export class EndpointCalls {
  /** Those that this process has asked for and that are not in use yet. */
  private readonly fresh = new Set<string>();

  constructor(private readonly parts: EndpointParts) {}

  /** One that is whole is adopted; of one that is not, the plug-in is asked again, from the beginning. */
  async ensure(resource: DockerEndpoint, ports: readonly PortBinding[]): Promise<void> {
    const { client, records } = this.parts;
    const known = records.read(resource.id, spoiltEndpoint);
    if (known !== undefined) {
      if ((await this.fault(resource, known)) === undefined) return this.settle(resource, known);
      await this.undo(resource, known);
    }
    await client.require("NetworkDriver");
    records.write(resource.id, { state: "asked" });
    this.fresh.add(resource.id);
    try {
      await this.settle(resource, await this.makeOnNetwork(resource, ports));
    } catch (error) {
      await this.undo(resource, records.read(resource.id, spoiltEndpoint) ?? spoiltEndpoint).catch(() => undefined);
      records.remove(resource.id);
      throw error;
    }
  }

  /**
   * A plug-in that refuses keeps the endpoint, if it still says something of it. One that dies while an endpoint is made keeps
   * tsd from nothing: the user is told of that failure.
   */
  async remove(resource: DockerEndpoint): Promise<void> {
    const { id } = resource;
    const known = this.parts.records.read(id, spoiltEndpoint);
    if (known === undefined) return;
    await this.undo(resource, known).catch((error: unknown) => {
      if (!this.fresh.has(id)) throw error;
    });
    this.fresh.delete(id);
    this.parts.records.remove(id);
  }

  async inspect(resource: DockerEndpoint): Promise<readonly Drift[]> {
    const known = this.parts.records.read(resource.id, spoiltEndpoint);
    if (known?.state !== "joined") return [{ resource, problem: "missing" }];
    const fault = await this.fault(resource, known);
    if (fault !== undefined) return [{ resource, problem: "different", found: fault }];
    const { link } = known;
    const [drift] = link === undefined ? [] : await inspectSettings({ resource, record: known, link });
    return drift === undefined ? [] : [{ resource, problem: "different", found: driftWords(drift) }];
  }

  learn({ id }: DockerEndpoint): Learned | undefined {
    this.fresh.delete(id);
    const { link, mac, addresses } = this.parts.records.read(id, spoiltEndpoint) ?? spoiltEndpoint;
    if (link === undefined) return undefined;
    return {
      interface: link.name,
      ...(mac === undefined ? {} : { mac }),
      ...(addresses === undefined ? {} : { addresses }),
    };
  }

  /** Why the endpoint is not as the record says, in words. */
  private async fault(resource: DockerEndpoint, known: EndpointRecord): Promise<string | undefined> {
    if (known.state !== "joined") return "the plug-in was asked, and has not replied";
    const { link } = known;
    if (link !== undefined && findMoved(resource.netns, link) === undefined) return `no interface ${link.name}`;
    const said = await this.doubt(resource);
    return said === undefined ? undefined : `the plug-in, which says "${said}"`;
  }

  /** What the plug-in says instead of the endpoint's facts; undefined where it knows it, or gives no facts. */
  private async doubt(resource: DockerEndpoint): Promise<string | undefined> {
    const answer = await this.parts.client.call("NetworkDriver.EndpointOperInfo", ofEndpoint(resource));
    return answer.isDone || answer.status === NOT_IMPLEMENTED ? undefined : answer.said;
  }

  /** A plug-in that was started again may have lost the network, and say so at any call: it gets it once more. */
  private async makeOnNetwork(resource: DockerEndpoint, ports: readonly PortBinding[]): Promise<EndpointRecord> {
    try {
      return await this.make(resource, ports);
    } catch (error) {
      if (!isRefusal(error) || !(await this.parts.networks.restore(resource.network))) throw error;
      await this.undo(resource, spoiltEndpoint);
      return this.make(resource, ports);
    }
  }

  private async make(resource: DockerEndpoint, ports: readonly PortBinding[]): Promise<EndpointRecord> {
    const { client, records, leasedMac, claims } = this.parts;
    const requested = requestedInterface(resource, resource.mac ?? leasedMac(resource.id));
    const creating = client.called("NetworkDriver.CreateEndpoint");
    const created = await client.must(creating.verb, createEndpoint(resource, ports, requested));
    const chosen = readChosenInterface(creating, created, requested);
    const addresses = [...resource.addresses, ...chosen.addresses];
    const called = client.called("NetworkDriver.Join");
    const joined = readJoin(called, await client.must(called.verb, join(resource, ports)), addresses);
    const { netns, network, within } = resource;
    refuseRoutes(called, joined.routes, { within, others: claims.subnetsBeside(netns, network) });
    const mac = requested.MacAddress === "" ? chosen.mac : requested.MacAddress;
    const { source } = joined;
    const record: EndpointRecord = { state: "joined", addresses, gateways: joined.gateways, routes: joined.routes };
    if (source === undefined) {
      records.write(resource.id, record);
      return record;
    }
    const offered = offeredLink(called, source, { addresses, claims });
    const { kind, peer, index, up, mac: own, mtu } = offered;
    const link: MovedLink = {
      source,
      name: nameIn(resource, joined),
      ...(kind === undefined ? {} : { kind }),
      ...(peer === undefined ? {} : { peer }),
      before: { up, ...(own === undefined ? {} : { mac: own }), ...(mtu === undefined ? {} : { mtu }) },
    };
    const known = mac ?? own;
    const complete: EndpointRecord = { ...record, link, ...(known === undefined ? {} : { mac: known }) };
    records.write(resource.id, complete);
    saying(called, () => moveIn(resource.netns, index, link));
    return complete;
  }

  private async settle(resource: DockerEndpoint, record: EndpointRecord): Promise<void> {
    const { link } = record;
    if (link === undefined) return;
    try {
      await applySettings({ resource, record, link });
    } catch (error) {
      throw unfit(this.parts.client.called("NetworkDriver.Join"), error);
    }
  }

  /** The host gets its link back whatever the plug-in says. */
  private async undo(resource: DockerEndpoint, known: EndpointRecord): Promise<void> {
    const { client } = this.parts;
    const request = ofEndpoint(resource);
    try {
      // Refusals say that nothing is open, or that it has left already; what counts is the last call.
      if (known.connectivity !== undefined) await client.call("NetworkDriver.RevokeExternalConnectivity", request);
      await client.call("NetworkDriver.Leave", request);
    } finally {
      if (known.link !== undefined) moveBack(resource.netns, known.link);
    }
    const answer = await client.call("NetworkDriver.DeleteEndpoint", request);
    if (answer.isDone || known.state !== "joined" || (await this.doubt(resource)) !== undefined) return;
    throw refused(client.called("NetworkDriver.DeleteEndpoint"), answer.said);
  }
}

/** As docker names it: the prefix and the first number that is free, unless the user asks for a name or a prefix. */
function nameIn({ netns, interface: wanted, prefix }: DockerEndpoint, joined: Joined): string {
  if (wanted !== undefined) return wanted;
  const taken = linkNames(netns);
  const beginning = prefix ?? joined.prefix ?? DEFAULT_PREFIX;
  let number = 0;
  while (taken.includes(`${beginning}${number}`)) number += 1;
  return `${beginning}${number}`;
}

function saying<T>(called: Called, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unfit(called, error);
  }
}

/** The kernel refused what the plug-in asked for. */
function unfit(called: Called, error: unknown): unknown {
  if (!TsdError.is(error) || error.kind === "plugin") return error;
  return failed(called, `what it replied cannot be set: ${error.message}`);
}

function driftWords({ resource, problem, found }: Drift): string {
  const [, what = ""] =
    Object.entries(resource).find(([field]) => ["address", "destination", "key"].includes(field)) ?? [];
  return `${resource.kind} ${what} ${problem === "missing" ? "is missing" : `is ${found}`}`;
}
