import {
  type DriverCapabilities,
  type NetworkDriver,
  type RawOptions,
  type Resource,
  TsdError,
} from "../../api/index.js";

/** A network that is a namespace as it stands: nothing is made in it, so there is nothing to choose. */
export class NamespaceDriver implements NetworkDriver {
  readonly capabilities: DriverCapabilities;

  constructor(
    readonly type: string,
    namespace: DriverCapabilities["namespace"],
  ) {
    this.capabilities = { needsIpam: false, publishes: false, namespace, singleton: true };
  }

  parseOptions(raw: RawOptions): RawOptions {
    const [key] = Object.keys(raw);
    if (key === undefined) return raw;
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_OPTION_UNKNOWN",
      message: `the network "${this.type}" has no options, and so none called "${key}"`,
      hint: "Leave it out.",
      details: { network: this.type, key },
    });
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return this.parseOptions(raw);
  }

  network(): readonly Resource[] {
    return [];
  }

  endpoint(): readonly Resource[] {
    return [];
  }
}
