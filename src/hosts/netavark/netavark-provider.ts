import type { Drift, Learned, Provider } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { shellLine, withInput } from "../../kernel/shell-words.js";
import { interfaceIn } from "../foreign/interface-in.js";
import { callPlugin, type PluginCall, replied, requirePlugin } from "./call-plugin.js";
import { interfaceDifference } from "./interface-difference.js";
import { pluginFile } from "./plugin-files.js";
import { readNetwork, readStatus } from "./read-replies.js";
import { Records } from "./records.js";
import type { ListedNetwork, NetavarkEndpoint, NetavarkNetwork } from "./resources.js";

type Kind = "netavark-network" | "netavark-endpoint";
type Listed = NetavarkNetwork | NetavarkEndpoint;

/**
 * Calls plug-ins of netavark. Their API has no verb that asks, and none needs to succeed twice. So a record beside the network's
 * says that `setup` was called and what it replied, and the interface in the namespace says whether that still holds.
 */
export class NetavarkProvider implements Provider<Kind> {
  readonly kinds = ["netavark-network", "netavark-endpoint"] as const;

  /** `timeout` of a call, in milliseconds. */
  constructor(private readonly bounds: Pick<PluginCall, "timeout"> = {}) {}

  async ensure(resources: readonly Listed[]): Promise<void> {
    for (const resource of resources) {
      if (resource.kind === "netavark-network") await this.created(resource);
      else if (faultOf(resource) !== undefined) await this.setUp(resource);
    }
  }

  /** `create` has no opposite. */
  async remove(resources: readonly Listed[]): Promise<void> {
    for (const resource of resources) {
      if (resource.kind === "netavark-network") new Records(resource.directory).forgetNetwork();
      else await this.tearDown(resource);
    }
  }

  async inspect(resources: readonly Listed[]): Promise<readonly Drift[]> {
    return resources.flatMap((resource): readonly Drift[] | Drift => {
      if (resource.kind === "netavark-endpoint") return faultOf(resource) ?? [];
      const isKept = new Records(resource.directory).network() !== undefined;
      return isKept ? [] : { resource, problem: "missing" };
    });
  }

  async learn(resource: Listed): Promise<Learned | undefined> {
    if (resource.kind === "netavark-network") return undefined;
    return recordsOf(resource).endpoint(resource.call.container_id)?.status;
  }

  async describe(verb: "ensure" | "remove", resources: readonly Listed[]): Promise<readonly string[]> {
    return resources.flatMap((resource) => {
      if (resource.kind === "netavark-endpoint")
        return [shown(verb === "ensure" ? "setup" : "teardown", resource.network, resource)];
      return verb === "ensure" ? [shown("create", resource)] : [];
    });
  }

  /** The network as `create` completed it; asked again where its reply is lost. */
  private async created({ plugin, directory, network }: ListedNetwork): Promise<object> {
    const records = new Records(directory);
    const known = records.network();
    if (known !== undefined) return known;
    const call = { plugin, verb: "create", input: network, ...this.bounds } as const;
    const complete = await callPlugin(call, (reply) => readNetwork(replied(reply), network));
    records.keepNetwork(complete);
    return complete;
  }

  private async setUp(resource: NetavarkEndpoint): Promise<void> {
    const { netns, call, network: listed } = resource;
    const { container_id: id } = call;
    const { interface_name: link } = call.network_options;
    const to = { plugin: listed.plugin, verb: "setup", netns } as const;
    requirePlugin(to);
    const network = await this.created(listed);
    await this.tearDown(resource);
    const records = recordsOf(resource);
    records.keepEndpoint(id, {});
    const status = await callPlugin({ ...to, input: { ...call, network }, ...this.bounds }, (reply) => {
      const said = readStatus(replied(reply), link);
      const fault = interfaceDifference(interfaceIn(netns, link), said);
      if (fault === undefined) return said;
      throw reply.refuse(`it reports ${link} in ${netns}, which has ${fault}`, reply.path);
    });
    records.keepEndpoint(id, { status });
  }

  /**
   * Does nothing for what was never set up. A call that fails counts as done if the interface is gone, with its namespace or
   * before: a plug-in that is called a second time fails too. One that cannot be called may have more to remove.
   */
  private async tearDown(resource: NetavarkEndpoint): Promise<void> {
    const { netns, call, network: listed } = resource;
    const { interface_name: link } = call.network_options;
    const records = recordsOf(resource);
    const isThere = (): boolean => interfaceIn(netns, link) !== undefined;
    if (records.endpoint(call.container_id) === undefined && !isThere()) return;
    const input = { ...call, network: records.network() ?? listed.network };
    try {
      await callPlugin({ plugin: listed.plugin, verb: "teardown", netns, input, ...this.bounds }, (reply) => {
        if (isThere()) throw reply.refuse(`it left the interface ${link} in ${netns}`, reply.path);
      });
    } catch (error) {
      const wasCalled = TsdError.is(error, "plugin") && error.code === "TSD_FOREIGN_PLUGIN_FAILED";
      if (!wasCalled || isThere()) throw error;
    }
    records.forgetEndpoint(call.container_id);
  }
}

function recordsOf({ network }: NetavarkEndpoint): Records {
  return new Records(network.directory);
}

function faultOf(resource: NetavarkEndpoint): Drift | undefined {
  const { netns, call } = resource;
  const interfaceFound = interfaceIn(netns, call.network_options.interface_name);
  if (interfaceFound === undefined) return { resource, problem: "missing" };
  const status = recordsOf(resource).endpoint(call.container_id)?.status;
  const found = status === undefined ? "a setup that was cut short" : interfaceDifference(interfaceFound, status);
  return found === undefined ? undefined : { resource, problem: "different", found };
}

function shown(verb: PluginCall["verb"], listed: ListedNetwork, endpoint?: NetavarkEndpoint): string {
  const { plugin, directory, network } = listed;
  const words = [pluginFile(plugin) ?? plugin, verb, ...(endpoint === undefined ? [] : [endpoint.netns])];
  const complete = new Records(directory).network() ?? network;
  const input = endpoint === undefined ? network : { ...endpoint.call, network: complete };
  return withInput(shellLine(words), `${JSON.stringify(input)}\n`);
}
