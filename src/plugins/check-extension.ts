import { API_VERSION, type Extension } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** Throws `plugin` for a value that is no extension for this version of the API. */
export function checkExtension(value: unknown, name: string): Extension {
  const extension = (typeof value === "object" && value ? value : {}) as Partial<Extension>;
  if (typeof extension.name !== "string") {
    throw new TsdError({
      kind: "plugin",
      code: "TSD_PLUGIN_INVALID",
      message: `plug-in "${name}" exports no extension`,
      hint: "Export one by default: export default { name, apiVersion, drivers }.",
    });
  }
  if (extension.apiVersion !== API_VERSION) {
    throw new TsdError({
      kind: "plugin",
      code: "TSD_PLUGIN_API_VERSION",
      message: `plug-in "${name}" was written for version ${String(extension.apiVersion)} of tsd's API, and this tsd has version ${API_VERSION}`,
      hint: "Install a version of the plug-in, or of tsd, that fits the other.",
    });
  }
  return extension as Extension;
}
