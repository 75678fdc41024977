import type { Drift, Learned, Provider } from "../../api/index.js";
import { TsdError } from "../../api/index.js";
import { type CniVersion, cniVersions } from "../../contracts/cni-version.js";
import { Chain } from "./chain.js";
import { pluginFailure } from "./cni-failure.js";
import { deleteInterface, hasInterface } from "./container-interface.js";
import { describeCalls } from "./describe-calls.js";
import { hostLinks } from "./host-links.js";
import { type KeptAttachment, KeptState } from "./kept-state.js";
import { type CniResult, readResult } from "./read-result.js";
import { requireAsked } from "./require-asked.js";
import type { CniAttachment, CniNetwork, JsonObject } from "./resources.js";

type Kind = "cni-network" | "cni-attachment";

/** Milliseconds of one call: leases of DHCP take some ten seconds. */
const TIMEOUT = 60_000;

/** Carries networks and attachments out by calling plug-ins of CNI. */
export class CniProvider implements Provider<Kind> {
  readonly kinds: readonly Kind[] = ["cni-network", "cni-attachment"];
  private readonly chain: Chain;
  private readonly kept: KeptState;

  constructor({ directory, timeout = TIMEOUT }: { readonly directory: string; readonly timeout?: number }) {
    this.chain = new Chain(timeout);
    this.kept = new KeptState(directory);
  }

  async ensure(resources: readonly (CniNetwork | CniAttachment)[]): Promise<void> {
    for (const resource of resources)
      await (resource.kind === "cni-network" ? this.open(resource) : this.attach(resource));
  }

  async remove(resources: readonly (CniNetwork | CniAttachment)[]): Promise<void> {
    const failures: unknown[] = [];
    for (const resource of resources) {
      const removal = resource.kind === "cni-network" ? this.close(resource) : this.detach(resource);
      await removal.catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  async inspect(resources: readonly (CniNetwork | CniAttachment)[]): Promise<readonly Drift[]> {
    const drifts: Drift[] = [];
    for (const resource of resources) {
      const drift = await (resource.kind === "cni-network" ? this.differenceOf(resource) : this.driftOf(resource));
      if (drift !== undefined) drifts.push({ resource, ...drift });
    }
    return drifts;
  }

  /** The interface's hardware address is the plug-ins' choice, and so are addresses that tsd did not lease. */
  async learn(resource: CniNetwork | CniAttachment): Promise<Learned | undefined> {
    if (resource.kind === "cni-network") return undefined;
    const { result } = this.kept.attachment(resource) ?? {};
    if (result === undefined) return undefined;
    const { mac, addresses } = requireAsked(resource, this.resultOf(resource, result));
    return {
      ...(mac === undefined ? {} : { mac }),
      ...(resource.addresses === undefined ? { addresses } : {}),
    };
  }

  async describe(
    verb: "ensure" | "remove",
    resources: readonly (CniNetwork | CniAttachment)[],
  ): Promise<readonly string[]> {
    return resources.flatMap((resource) => describeCalls(verb, resource, this.kept.version(networkOf(resource))));
  }

  private async open(network: CniNetwork): Promise<void> {
    if (this.kept.version(network) !== undefined) return;
    const version = await this.chain.version(network);
    await this.chain.status(network, version);
    this.kept.keepVersion(network, version);
  }

  private async close(network: CniNetwork): Promise<void> {
    const version = this.kept.version(network);
    if (version !== undefined) await this.chain.collect(network, version);
    this.kept.forgetNetwork(network);
  }

  private async attach(attachment: CniAttachment): Promise<void> {
    const kept = this.kept.attachment(attachment);
    if (kept !== undefined) {
      if ((await this.driftOf(attachment)) === undefined) return;
      await this.undo(attachment, kept);
    }
    if (hasInterface(attachment)) throw taken(attachment);
    const version = this.kept.version(networkOf(attachment)) ?? (await this.chain.version(attachment));
    this.kept.keepAttachment(attachment, { version });
    const result = await this.chain.add(attachment, version);
    requireAsked(attachment, result);
    this.kept.keepAttachment(attachment, {
      version,
      result: result.json,
      hostLinks: hostLinks(result.interfaces.flatMap(({ name, sandbox }) => (sandbox === undefined ? [name] : []))),
      ...(await this.firstComplaints(attachment, version, result.json)),
    });
  }

  /** As plug-ins do in a chain: that of Debian 12 for ports misses rules of a family that the container does not speak. */
  private async firstComplaints(
    attachment: CniAttachment,
    version: CniVersion,
    result: JsonObject,
  ): Promise<Pick<KeptAttachment, "complaints">> {
    if (attachment.list.plugins.length === 1) return {};
    return { complaints: await this.chain.complaints(attachment, version, result) };
  }

  /**
   * What was made as a whole is taken back as a whole, or an error says what is left. Where ADD failed, or nothing is known of it
   * any more, a plug-in that fails again can do no better, and what tsd can see of its work goes without it.
   */
  private async detach(attachment: CniAttachment): Promise<void> {
    const kept = this.kept.attachment(attachment);
    if (kept?.result === undefined) return this.undo(attachment, kept);
    await this.chain.del(attachment, kept.version, kept.result);
    this.kept.forgetAttachment(attachment);
  }

  private async undo(attachment: CniAttachment, kept: KeptAttachment | undefined): Promise<void> {
    const version = kept?.version ?? this.kept.version(networkOf(attachment)) ?? oldestOf(attachment);
    // Before ADD is called it is noted: without a note, an interface of that name is another's.
    const called = kept === undefined ? { ...attachment, netns: "" } : attachment;
    try {
      await this.chain.del(called, version, kept?.result);
    } catch (error) {
      if (!TsdError.is(error, "plugin")) throw error;
    }
    if (kept !== undefined) deleteInterface(attachment);
    this.kept.forgetAttachment(attachment);
  }

  private async differenceOf(network: CniNetwork): Promise<Pick<Drift, "problem"> | undefined> {
    return this.kept.version(network) === undefined ? { problem: "missing" } : undefined;
  }

  private async driftOf(attachment: CniAttachment): Promise<Omit<Drift, "resource"> | undefined> {
    const { version, result, complaints = [], hostLinks: made = {} } = this.kept.attachment(attachment) ?? {};
    if (version === undefined || result === undefined || !hasInterface(attachment)) return { problem: "missing" };
    const present = hostLinks(Object.keys(made));
    const gone = Object.keys(made).find((name) => present[name] !== made[name]);
    // A bridge that was made again has none of the ports.
    if (gone !== undefined)
      return { problem: "different", found: `interface ${gone} of the host is not the one that it had` };
    const said = await this.chain.complaints(attachment, version, result);
    const [found] = said.flatMap((one, at) => (one === "" || one === complaints[at] ? [] : [one]));
    return found === undefined ? undefined : { problem: "different", found };
  }

  private resultOf({ list }: CniAttachment, json: object): CniResult {
    return readResult(list.plugins.at(-1)?.type ?? "", JSON.stringify(json));
  }
}

function networkOf(resource: CniNetwork | CniAttachment): Pick<CniNetwork, "id"> {
  return resource.kind === "cni-network" ? resource : { id: resource.network };
}

/** DEL means the same in all versions. */
function oldestOf({ list }: CniAttachment): CniVersion {
  return cniVersions.find((version) => list.versions?.includes(version)) ?? "0.4.0";
}

function taken({ list, netns, name }: CniAttachment): TsdError {
  return pluginFailure(
    list.plugins[0]?.type ?? "",
    "ADD",
    `it is not called: ${netns} has an interface ${name} already`,
  );
}
