import { API_VERSION, type Extension } from "../../api/index.js";
import { NamespaceDriver } from "./namespace-driver.js";

/** The network modes. */
export const namespaces: Extension = {
  name: "namespaces",
  apiVersion: API_VERSION,
  drivers: [
    // The host's own namespace.
    new NamespaceDriver("host", "host"),
    // A namespace of the container's own that has `lo` and nothing else.
    new NamespaceDriver("none", "own"),
    // That of another container: `--net container:web`.
    new NamespaceDriver("container", "container"),
    // A foreign one, by its path: `--net ns:/run/netns/x`.
    new NamespaceDriver("ns", "path"),
  ],
};
