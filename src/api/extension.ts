import type { NetworkDriver } from "./driver.js";
import type { IpamDriver } from "./ipam.js";
import type { LinkKind } from "./link-kind.js";
import type { NatBackend, Provider } from "./provider.js";

/**
 * What a package adds to tsd, as one plain value: given to `openTsd({ extensions })`, or the default export of a plug-in
 * that `tsd plugin add` installs. Built-in drivers come in the same way. No two extensions may bring the same name.
 *
 * tsd bounds each verb: one that returns a value has 5 seconds, one that returns a promise 60. What it returns is copied, and
 * must be plain JSON. What it gets is a copy as well.
 */
export interface Extension {
  /** As the package is called; errors name it. */
  readonly name: string;
  /** {@link API_VERSION} of the tsd that it was written for. Another version is refused. */
  readonly apiVersion: number;
  /** Kinds of network. Their networks have namespaces of their own, and there may be any number of them. */
  readonly drivers?: readonly NetworkDriver[];
  /** Packet filters for `tsd nat use`; `auto` never chooses one. */
  readonly natBackends?: readonly NatBackend[];
  readonly ipam?: readonly IpamDriver[];
  /** For resource kinds of its own. */
  readonly providers?: readonly Provider[];
  /** For link types of its own. */
  readonly linkKinds?: readonly LinkKind[];
}
