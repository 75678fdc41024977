import { API_VERSION, type Extension, type NetworkDriver } from "../../../src/api/index.js";
import { ExtensionCatalogue } from "../../../src/plugins/extension-catalogue.js";

/** A driver of a third party's that brings nothing, with some verbs of its own. */
export function driverWith(verbs: Partial<NetworkDriver> = {}): NetworkDriver {
  return {
    type: "ptp",
    capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false },
    parseOptions: (raw) => raw,
    parseEndpointOptions: (raw) => raw,
    network: () => [],
    endpoint: () => [],
    ...verbs,
  };
}

export function pluginWith(parts: Partial<Extension> = {}): Extension {
  return { name: "acme", apiVersion: API_VERSION, ...parts };
}

/** As tsd has it that was opened with these extensions, with short bounds and what it warned of. */
export function catalogueOf(...given: readonly unknown[]): ExtensionCatalogue & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const catalogue = new ExtensionCatalogue(
    { builtIn: [], given: given as readonly Extension[], installed: () => [], ecosystems: [] },
    { natBackends: ["nftables"], warn: (text) => warnings.push(text), bounds: { call: 200, wait: 300 } },
  );
  return Object.assign(catalogue, { warnings });
}
