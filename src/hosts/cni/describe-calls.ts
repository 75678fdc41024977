import { type CniVersion, cniVersions } from "../../contracts/cni-version.js";
import { shellLine, withInput } from "../../kernel/shell-words.js";
import { environmentOf, type Verb } from "./call-plugin.js";
import { pluginInput } from "./plugin-input.js";
import type { CniAttachment, CniNetwork, CniPlugin } from "./resources.js";
import { findPlugin } from "./search-path.js";

/** The calls that a resource comes to, as words for a shell; what plug-ins will say to each other is not in them. */
export function describeCalls(
  verb: "ensure" | "remove",
  resource: CniNetwork | CniAttachment,
  known: CniVersion | undefined,
): readonly string[] {
  const version = known ?? cniVersions.findLast((one) => resource.list.versions?.includes(one) ?? true) ?? "1.0.0";
  const { plugins } = resource.list;
  if (resource.kind === "cni-network")
    return verb === "ensure" ? plugins.map((plugin) => callOf(resource, plugin, "VERSION", version)) : [];
  return verb === "ensure"
    ? plugins.map((plugin) => callOf(resource, plugin, "ADD", version))
    : [...plugins].reverse().map((plugin) => callOf(resource, plugin, "DEL", version));
}

function callOf(resource: CniNetwork | CniAttachment, plugin: CniPlugin, verb: Verb, version: CniVersion): string {
  const { list, directories: path } = resource;
  const isAttachment = resource.kind === "cni-attachment";
  const input = isAttachment
    ? pluginInput(list, plugin, { version, capabilities: resource.capabilities })
    : { cniVersion: version };
  const attachment = isAttachment
    ? { attachment: { containerId: resource.id, netns: resource.netns, ifname: resource.name } }
    : {};
  const env = environmentOf({ type: plugin.type, verb, path, input, timeout: 0, ...attachment });
  const variables = Object.entries(env).flatMap(([name, value]) => (value === "" ? [] : [`${name}=${value}`]));
  const file = findPlugin(plugin.type, path) ?? plugin.type;
  return withInput(shellLine(["env", ...variables, file]), `${JSON.stringify(input)}\n`);
}
