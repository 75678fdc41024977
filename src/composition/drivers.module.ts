import { ContainerModule } from "inversify";
import { BridgeDriver } from "../drivers/bridge/bridge-driver.js";
import { NamespaceDriver } from "../drivers/namespace/namespace-driver.js";
import { tokens } from "./tokens.js";

export const driversModule = new ContainerModule(({ bind }) => {
  bind(tokens.NetworkDriver).toResolvedValue(() => new BridgeDriver());
  // The host's own namespace.
  bind(tokens.NetworkDriver).toResolvedValue(() => new NamespaceDriver("host", "host"));
  // A namespace of the container's own that has `lo` and nothing else.
  bind(tokens.NetworkDriver).toResolvedValue(() => new NamespaceDriver("none", "own"));
  // That of another container: `--net container:web`.
  bind(tokens.NetworkDriver).toResolvedValue(() => new NamespaceDriver("container", "container"));
  // A foreign one, by its path: `--net ns:/run/netns/x`.
  bind(tokens.NetworkDriver).toResolvedValue(() => new NamespaceDriver("ns", "path"));
});
