import { Container } from "inversify";
import { API_VERSION, type Extension } from "../api/index.js";
import { VERSION } from "../version.js";
import { shipped } from "./extensions.module.js";
import { natBackends, natModule } from "./nat.module.js";
import { readSettings } from "./read-settings.js";
import { tokens } from "./tokens.js";

/** One of tsd's own extensions by what it brings, which the conformance kit verifies like any other; undefined for none. */
export async function ownExtension(name: string): Promise<Extension | undefined> {
  const drivers = shipped.find((extension) => extension.drivers?.some(({ type }) => type === name));
  if (drivers !== undefined) return drivers;
  if (!natBackends.some((backend) => backend === name)) return undefined;
  const container = new Container({ defaultScope: "Singleton" });
  container.bind(tokens.Settings).toConstantValue({ version: VERSION, ...readSettings({}) });
  container.load(natModule);
  return { name, apiVersion: API_VERSION, natBackends: [await container.getAsync(tokens.NatBackend, { name })] };
}
