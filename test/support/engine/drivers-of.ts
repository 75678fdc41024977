import { API_VERSION, type NetworkDriver } from "../../../src/api/index.js";
import type { Drivers } from "../../../src/engine/contracts/drivers.js";
import { ExtensionCatalogue } from "../../../src/plugins/extension-catalogue.js";

/** These drivers, as use cases ask for them. */
export function driversOf(...drivers: readonly NetworkDriver[]): Drivers {
  const extension = { name: "drivers", apiVersion: API_VERSION, drivers };
  return new ExtensionCatalogue({ builtIn: [extension], given: [], installed: () => [], ecosystems: [] }).drivers;
}
