import type { Drift } from "../../api/index.js";
import type { DockerNetwork } from "./docker-resources.js";
import { fieldOf } from "./fields.js";
import type { PluginClient } from "./plugin-client.js";
import { failed, refused } from "./plugin-failure.js";
import type { Records } from "./records.js";
import { createNetwork } from "./requests.js";

/** What is known of a network that a plug-in was asked for. */
export interface NetworkRecord {
  /** `asked`: whether the plug-in has it is not known. */
  readonly state: "asked" | "made";
  /** The body of `CreateNetwork`. */
  readonly request?: object;
}

const spoilt: NetworkRecord = { state: "asked" };
const scopes: readonly unknown[] = ["local", "global"];

/** The calls for one network. The protocol has none that asks for it: what the plug-in replied is in a record. */
export class NetworkCalls {
  constructor(
    private readonly client: PluginClient,
    private readonly records: Records<NetworkRecord>,
  ) {}

  /**
   * A network that was made before the last boot is asked for again: an error says then that the plug-in still has it, since
   * others keep their networks where they do not forget them.
   */
  async ensure(resource: DockerNetwork): Promise<void> {
    const { id } = resource;
    const known = this.records.read(id, spoilt);
    await this.client.require("NetworkDriver");
    await this.requireScope();
    const request = createNetwork(resource);
    if (known?.state === "asked") await this.client.call("NetworkDriver.DeleteNetwork", { NetworkID: id });
    if (known?.state === "made") {
      await this.client.call("NetworkDriver.CreateNetwork", request);
      return;
    }
    this.records.write(id, { state: "asked" });
    try {
      await this.client.must("NetworkDriver.CreateNetwork", request);
    } catch (error) {
      await this.client.call("NetworkDriver.DeleteNetwork", { NetworkID: id }).catch(() => undefined);
      this.records.remove(id);
      throw error;
    }
    this.records.write(id, { state: "made", request });
  }

  /** Asks a plug-in that has lost its networks to make this one again; returns whether it did. */
  async restore(id: string): Promise<boolean> {
    const { request } = this.records.read(id, spoilt) ?? spoilt;
    if (request === undefined) return false;
    return (await this.client.call("NetworkDriver.CreateNetwork", request)).isDone;
  }

  /** A plug-in that refuses keeps the network, unless it may never have had it, or was asked to delete it before. */
  async remove({ id }: DockerNetwork): Promise<void> {
    const known = this.records.read(id, spoilt);
    if (known === undefined) return;
    if (known.state === "made") this.records.write(id, { ...known, state: "asked" });
    const answer = await this.client.call("NetworkDriver.DeleteNetwork", { NetworkID: id });
    if (!answer.isDone && known.state === "made") {
      this.records.write(id, known);
      throw refused(this.client.called("NetworkDriver.DeleteNetwork"), answer.said);
    }
    this.records.remove(id);
  }

  inspect(resource: DockerNetwork): readonly Drift[] {
    const isMade = this.records.read(resource.id, spoilt)?.state === "made";
    return isMade ? [] : [{ resource, problem: "missing" }];
  }

  /** Whether the plug-in's networks are this machine's or a cluster's makes no difference here; it must say one of them. */
  private async requireScope(): Promise<void> {
    const verb = "NetworkDriver.GetCapabilities";
    const answer = await this.client.must(verb);
    for (const field of ["Scope", "ConnectivityScope"]) {
      const found = fieldOf(answer, field) ?? "";
      if (scopes.includes(found) || (found === "" && field === "ConnectivityScope")) continue;
      throw failed(
        this.client.called(verb),
        `${field} is ${JSON.stringify(found)?.slice(0, 80)}, which is not local or global`,
      );
    }
  }
}
