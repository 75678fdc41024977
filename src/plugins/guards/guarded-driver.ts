import type {
  DriverCapabilities,
  Endpoint,
  Facts,
  HostView,
  Network,
  NetworkDriver,
  RawOptions,
  Resource,
} from "../../api/index.js";
import { macAddress, quoted } from "../returned/field.js";
import { malformed } from "../returned/malformed.js";
import { isList, plainJson } from "../returned/plain-json.js";
import { readFacts, readOptions } from "../returned/read-options.js";
import { readResources, type Vocabulary } from "../returned/read-resources.js";
import type { PluginCalls, ReadAnswer } from "./plugin-calls.js";

/** A third party's network driver. It gets copies, since rows must not change by what it does with them. */
export class GuardedDriver implements NetworkDriver {
  readonly type: string;
  readonly capabilities: DriverCapabilities;
  readonly observe?: NonNullable<NetworkDriver["observe"]>;
  readonly reachedDirectly?: NonNullable<NetworkDriver["reachedDirectly"]>;
  readonly sharedMac?: NonNullable<NetworkDriver["sharedMac"]>;

  /** `driver` has passed {@link checkExtension}. */
  constructor(
    private readonly driver: NetworkDriver,
    private readonly calls: PluginCalls,
    private readonly vocabulary: Vocabulary,
  ) {
    this.type = driver.type;
    this.capabilities = { ...driver.capabilities };
    if (driver.observe !== undefined) this.observe = (host, network) => this.observed(host, network);
    if (driver.reachedDirectly !== undefined) this.reachedDirectly = (network) => this.reached(network);
    if (driver.sharedMac !== undefined) this.sharedMac = (network) => this.shared(network);
  }

  parseOptions(raw: RawOptions): RawOptions {
    return this.call("parseOptions", () => this.driver.parseOptions({ ...raw }), readOptions);
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return this.call("parseEndpointOptions", () => this.driver.parseEndpointOptions({ ...raw }), readOptions);
  }

  network(network: Network): readonly Resource[] {
    const work = (): unknown => this.driver.network(structuredClone(network));
    return this.call("network", work, (answer) => readResources(answer, this.vocabulary, { network }));
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    const work = (): unknown => this.driver.endpoint(structuredClone(network), structuredClone(endpoint));
    const networkLinks = this.network(network).flatMap((one) => (one.kind === "link" ? [one.name] : []));
    return this.call("endpoint", work, (answer) =>
      readResources(answer, this.vocabulary, { network, endpoint, networkLinks }),
    );
  }

  private observed(host: HostView, network: Parameters<NonNullable<NetworkDriver["observe"]>>[1]): Facts {
    return this.call("observe", () => this.driver.observe?.(host, structuredClone(network)), readFacts);
  }

  private reached(network: Network): readonly (4 | 6)[] {
    return this.call("reachedDirectly", () => this.driver.reachedDirectly?.(structuredClone(network)), readFamilies);
  }

  private shared(network: Network): string | undefined {
    return this.call("sharedMac", () => this.driver.sharedMac?.(structuredClone(network)), readMac);
  }

  private call<T>(verb: string, work: () => unknown, read: ReadAnswer<T>): T {
    return this.calls.call({ verb, of: `driver "${this.type}"` }, work, read);
  }
}

function readMac(answer: unknown): string | undefined {
  if (answer === undefined) return undefined;
  const mac = plainJson(answer, "a MAC address", 100);
  if (typeof mac === "string" && macAddress.takes(mac)) return mac.toLowerCase();
  throw malformed(`something else than ${macAddress.expected}: ${quoted(mac)}`);
}

function readFamilies(answer: unknown): readonly (4 | 6)[] {
  const list = plainJson(answer, "a list of families", 100);
  if (isList(list) && list.every((item): item is 4 | 6 => item === 4 || item === 6)) return list;
  throw malformed("something else than a list of 4 and 6");
}
