import type { OnStep, Plugin, Plugins } from "../../api/index.js";
import { shellLine } from "../../kernel/shell-words.js";
import { bringerOf } from "./brought-of.js";
import { pluginDirectory } from "./plugin-directory.js";
import { type Claims, refuseUsers } from "./refuse-users.js";
import { requirePlugin } from "./require-plugin.js";
import { type Source, sourceOf } from "./source-kind.js";
import { manifestIn } from "./stage-package.js";

interface Planned extends Pick<Claims, "settings" | "users"> {
  /** Where plug-ins are kept. */
  readonly directory: string;
  readonly tell: OnStep;
}

/** Plug-ins that would be added and removed. Nothing is fetched, unpacked or loaded for it. */
export class PlannedPlugins implements Pick<Plugins, "add" | "remove"> {
  constructor(private readonly planned: Planned) {}

  async add(source: string): ReturnType<Plugins["add"]> {
    const { directory, tell } = this.planned;
    const wanted = sourceOf(source);
    const path = pluginDirectory(directory, { directory: "DIRECTORY" });
    const needs = wanted.kind === "folder" && manifestIn(source, source).hasDependencies;
    const install = "npm install --omit=dev --omit=peer --ignore-scripts --install-links";
    tell({
      verb: "run",
      what: `install plug-in ${source}`,
      sends: [...copying(wanted, path), ...(needs ? [install] : [])],
    });
    tell({ verb: "run", what: `load it in a process of its own, and keep what it brings`, sends: [] });
    return { plugin: unknownPlugin(source) };
  }

  async remove(name: string, { force = false }: { readonly force?: boolean } = {}): Promise<Plugin> {
    const { settings, directory, tell } = this.planned;
    const plugin = requirePlugin(settings, name);
    if (!force) refuseUsers(bringerOf(plugin), this.planned);
    const sends = [shellLine(["rm", "-r", pluginDirectory(directory, plugin)])];
    tell({ verb: "run", what: `forget plug-in ${name}`, sends });
    return plugin;
  }
}

function copying({ kind, source }: Source, path: string): readonly string[] {
  if (kind === "folder") return [shellLine(["cp", "-r", source, path])];
  if (kind === "file") return [shellLine(["install", "-D", source, path])];
  const unpack = shellLine(["tar", "--extract", "--strip-components=1", "-C", path, "-f"]);
  if (kind === "tarball") return [`${unpack} ${shellLine([source])}`];
  return [shellLine(["npm", "pack", "--ignore-scripts", source]), `${unpack} *.tgz`];
}

/** What only its loading would say is left empty. */
function unknownPlugin(source: string): Plugin {
  return {
    ...{ name: source, version: "", source, apiVersion: 0, drivers: {}, natBackends: {}, ipam: {} },
    ...{ kinds: [], linkTypes: [], directory: "", entry: "", digest: "", added: "" },
  };
}
