import type { Drift, Learned, Provider, ResourceOf } from "../../api/index.js";
import type { Claims } from "../../contracts/ecosystem.js";
import { ConnectivityCalls } from "./connectivity-calls.js";
import { describeCalls } from "./describe-calls.js";
import { type DockerKind, dockerKinds } from "./docker-resources.js";
import { EndpointCalls } from "./endpoint-calls.js";
import type { EndpointRecord } from "./endpoint-record.js";
import { leasesIn } from "./ipam-records.js";
import { NetworkCalls, type NetworkRecord } from "./network-calls.js";
import { PluginClient } from "./plugin-client.js";
import { Records } from "./records.js";

type DockerResource = ResourceOf<DockerKind>;

/** The calls of one plug-in, by what they are for. */
interface Calls {
  readonly network: NetworkCalls;
  readonly endpoint: EndpointCalls;
  readonly connectivity: ConnectivityCalls;
}

/** Networks and endpoints of docker's plug-ins. */
export class DockerProvider implements Provider<DockerKind> {
  readonly kinds = dockerKinds;
  private readonly calls = new Map<string, Calls>();

  constructor(
    private readonly directory: string,
    private readonly claims: Claims,
    private readonly connect: (plugin: string) => PluginClient = (plugin) => new PluginClient(plugin),
  ) {}

  async ensure(resources: readonly DockerResource[]): Promise<void> {
    for (const resource of resources) {
      const calls = this.of(resource);
      if (resource.kind === "docker-network") await calls.network.ensure(resource);
      else if (resource.kind === "docker-connectivity") await calls.connectivity.ensure(resource);
      else {
        const opened = resources.find((one) => one.kind === "docker-connectivity" && one.id === resource.id);
        await calls.endpoint.ensure(resource, opened?.kind === "docker-connectivity" ? opened.ports : []);
      }
    }
  }

  async remove(resources: readonly DockerResource[]): Promise<void> {
    for (const resource of resources) {
      const calls = this.of(resource);
      if (resource.kind === "docker-network") await calls.network.remove(resource);
      else if (resource.kind === "docker-endpoint") await calls.endpoint.remove(resource);
      else await calls.connectivity.remove(resource);
    }
  }

  async inspect(resources: readonly DockerResource[]): Promise<readonly Drift[]> {
    const drifts: Drift[] = [];
    for (const resource of resources) {
      const calls = this.of(resource);
      if (resource.kind === "docker-network") drifts.push(...calls.network.inspect(resource));
      else if (resource.kind === "docker-endpoint") drifts.push(...(await calls.endpoint.inspect(resource)));
      else drifts.push(...calls.connectivity.inspect(resource));
    }
    return drifts;
  }

  async learn(resource: DockerResource): Promise<Learned | undefined> {
    return resource.kind === "docker-endpoint" ? this.of(resource).endpoint.learn(resource) : undefined;
  }

  async describe(verb: "ensure" | "remove", resources: readonly DockerResource[]): Promise<readonly string[]> {
    return resources.flatMap((resource) => describeCalls(verb, resource, resources));
  }

  private of({ plugin }: DockerResource): Calls {
    const known = this.calls.get(plugin);
    if (known !== undefined) return known;
    const client = this.connect(plugin);
    const endpoints = new Records<EndpointRecord>(this.directory, "endpoint");
    const network = new NetworkCalls(client, new Records<NetworkRecord>(this.directory, "network"));
    const leases = leasesIn(this.directory);
    const leasedMac = (endpoint: string): string | undefined => leases.read(endpoint, { leases: [] })?.mac;
    const calls: Calls = {
      network,
      endpoint: new EndpointCalls({ client, records: endpoints, networks: network, leasedMac, claims: this.claims }),
      connectivity: new ConnectivityCalls(client, endpoints),
    };
    this.calls.set(plugin, calls);
    return calls;
  }
}
