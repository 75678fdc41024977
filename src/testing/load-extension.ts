import { pathToFileURL } from "node:url";
import type { Extension } from "../api/index.js";
import { ownExtension } from "../composition/own-extension.js";
import { TsdError } from "../errors/tsd-error.js";
import { extensionOf } from "../plugins/installed/extension-of.js";
import { loadModule } from "../plugins/installed/load-module.js";
import { moduleAt } from "../plugins/installed/module-at.js";
import type { VerifyOptions } from "./verify-options.js";

/** What is verified: an extension, and what its module says about its verification. */
export interface LoadedExtension {
  readonly extension: Extension;
  readonly verification: VerifyOptions;
  /** It is one of tsd's own, which every tsd has. */
  readonly own: boolean;
}

/** Of a file, a folder with a package.json, or one of tsd's own by what it brings: `bridge`. Throws `plugin`, `not-found`. */
export async function loadSubject(module: string): Promise<LoadedExtension> {
  if (!module.startsWith("/")) {
    const extension = await ownExtension(module);
    if (extension !== undefined) return { extension, verification: {}, own: true };
    throw new TsdError({
      kind: "not-found",
      code: "TSD_PLUGIN_UNKNOWN",
      message: `tsd has no driver and no packet filter named "${module}"`,
      hint: "Name one of tsd's own, or the path of a plug-in's file or folder, as in ./driver.ts.",
    });
  }
  const { extension, verification = {} } = loadModule({ entry: moduleAt(module), name: module }, (exported) => ({
    extension: extensionOf(exported) as Extension,
    verification: (exported as { readonly verification?: VerifyOptions } | undefined)?.verification,
  }));
  const { drivers = [], natBackends = [], ipam = [] } = extension;
  if (drivers.length + natBackends.length + ipam.length === 0) {
    throw new TsdError({
      kind: "plugin",
      code: "TSD_PLUGIN_NO_EXTENSION",
      message: `the plug-in ${module} brings no driver and no packet filter`,
      hint: "Write: export default { name, apiVersion, drivers: […] }",
    });
  }
  return { extension, verification, own: false };
}

export async function loadExtension(module: string): Promise<Extension> {
  return (await loadSubject(module)).extension;
}

let copies = 0;

/** Loads it once more, so that nothing in memory is shared with the first. */
export async function loadFresh(module: string): Promise<Extension> {
  if (!module.startsWith("/")) return loadExtension(module);
  const { href } = pathToFileURL(moduleAt(module));
  return extensionOf(await import(`${href}?copy=${copies++}`)) as Extension;
}
