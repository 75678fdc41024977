import { TsdError } from "../../api/index.js";
import type { CniVersion } from "../../contracts/cni-version.js";
import { isNetns } from "../../kernel/netns/netns.js";
import { type AttachmentKey, callPlugin, type PluginCall, type Verb } from "./call-plugin.js";
import { pluginFailure } from "./cni-failure.js";
import { parseVersions } from "./parse-versions.js";
import { hasCheck, hasGc, pluginInput } from "./plugin-input.js";
import { type CniResult, readResult } from "./read-result.js";
import type { CniAttachment, CniNetwork, CniPlugin, JsonObject } from "./resources.js";
import { negotiate } from "./versions.js";

/** The plug-ins of a list, called one after the other as the specification says (SPEC.md, section 3). */
export class Chain {
  /** `timeout` is each call's, in milliseconds. */
  constructor(private readonly timeout: number) {}

  /** Asks all plug-ins, those for addresses too, and returns the newest version that all know. Throws `plugin`. */
  async version({ list, directories: path }: Pick<CniNetwork, "list" | "directories">): Promise<CniVersion> {
    const types = new Set(list.plugins.flatMap((plugin) => [plugin.type, ...ipamTypes(plugin)]));
    const supported = await Promise.all(
      [...types].map(async (type) => {
        const said = await this.call({ type, verb: "VERSION", path, input: { cniVersion: "1.0.0" } });
        return { type, versions: parseVersions(type, said) };
      }),
    );
    return negotiate(supported, list.versions);
  }

  /** Asks whether an ADD would work. Versions before 1.1.0 have no such verb. */
  async status(network: CniNetwork, version: CniVersion): Promise<void> {
    if (!hasGc(version)) return;
    for (const plugin of network.list.plugins) await this.ofNetwork(network, plugin, { verb: "STATUS", version });
  }

  /** Has plug-ins free what belongs to no attachment: all, since none is left. */
  async collect(network: CniNetwork, version: CniVersion): Promise<void> {
    if (!hasGc(version) || network.list.disableGc) return;
    const more = { "cni.dev/valid-attachments": [], "cni.dev/attachments": [] };
    for (const plugin of network.list.plugins) await this.ofNetwork(network, plugin, { verb: "GC", version, more });
  }

  async add(attachment: CniAttachment, version: CniVersion): Promise<CniResult> {
    const { list, capabilities } = attachment;
    let result: CniResult | undefined;
    for (const plugin of list.plugins) {
      const input = pluginInput(list, plugin, { version, capabilities, previous: result?.json });
      result = readResult(plugin.type, await this.ofAttachment(attachment, plugin, "ADD", input));
    }
    const last = list.plugins.at(-1)?.type ?? "";
    if (result === undefined) throw pluginFailure(last, "ADD", "it printed no result");
    return result;
  }

  /** In reverse order. Goes on past failures, and throws the first one at the end. */
  async del(attachment: CniAttachment, version: CniVersion, result?: JsonObject): Promise<void> {
    const { list, capabilities } = attachment;
    const previous = hasCheck(version) ? result : undefined;
    const failures: unknown[] = [];
    for (const plugin of [...list.plugins].reverse()) {
      const input = pluginInput(list, plugin, { version, capabilities, previous });
      await this.ofAttachment(attachment, plugin, "DEL", input).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** What each plug-in says that finds a difference, in their order; no text for one that finds none. */
  async complaints(attachment: CniAttachment, version: CniVersion, previous: JsonObject): Promise<readonly string[]> {
    const { list, capabilities } = attachment;
    if (!hasCheck(version) || list.disableCheck) return [];
    const complaints: string[] = [];
    for (const plugin of list.plugins) {
      const input = pluginInput(list, plugin, { version, capabilities, previous });
      const said = this.ofAttachment(attachment, plugin, "CHECK", input);
      complaints.push(
        await said.then(
          () => "",
          (error: unknown) => complaintIn(error),
        ),
      );
    }
    return complaints;
  }

  private ofNetwork(
    { list, directories: path }: CniNetwork,
    plugin: CniPlugin,
    { verb, version, more = {} }: { readonly verb: Verb; readonly version: CniVersion; readonly more?: JsonObject },
  ): Promise<string> {
    return this.call({ type: plugin.type, verb, path, input: pluginInput(list, plugin, { version, more }) });
  }

  private ofAttachment(attachment: CniAttachment, { type }: CniPlugin, verb: Verb, input: JsonObject): Promise<string> {
    return this.call({ type, verb, path: attachment.directories, input, attachment: keyOf(attachment, verb) });
  }

  private call(call: Omit<PluginCall, "timeout">): Promise<string> {
    return callPlugin({ ...call, timeout: this.timeout });
  }
}

/** Throws the error again of a plug-in that has not come to an end. */
function complaintIn(error: unknown): string {
  if (!TsdError.is(error, "plugin") || error.details.refused !== true) throw error;
  return error.message;
}

function keyOf({ id, netns, name }: CniAttachment, verb: Verb): AttachmentKey {
  return { containerId: id, netns: verb === "DEL" && !isNetns(netns) ? "" : netns, ifname: name };
}

function ipamTypes({ ipam }: CniPlugin): readonly string[] {
  const { type } = (ipam ?? {}) as { readonly type?: unknown };
  return typeof type === "string" && type !== "" ? [type] : [];
}
