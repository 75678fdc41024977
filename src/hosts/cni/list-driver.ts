import { isAbsolute } from "node:path";
import {
  canonicalOptions,
  type DriverCapabilities,
  type Endpoint,
  endpointSysctls,
  type Facts,
  type HostView,
  ifacePrefixOption,
  type Network,
  type NetworkDriver,
  type Option,
  type RawOptions,
  type Resource,
  TsdError,
} from "../../api/index.js";
import { readBoundedFile } from "../foreign/bounded-file.js";
import { capabilityOptions, parseEndpointOptions } from "./driver-options.js";
import { capabilitiesOf, readCapabilities } from "./endpoint-capabilities.js";
import { madeBridges } from "./made-bridges.js";
import { readConflist } from "./read-conflist.js";
import type { CniList } from "./resources.js";
import { PATH_OPTION, requirePlugin, searchPath } from "./search-path.js";

const options: readonly Option[] = [
  { names: ["conflist"], valid: isAbsolute, expected: "an absolute path of a file" },
  { names: [PATH_OPTION], valid: (value) => value !== "", expected: "directories with colons between them" },
  ifacePrefixOption,
];

/** Bytes. */
const LARGEST = 1024 ** 2;

interface ListFacts {
  readonly path: readonly string[];
  readonly list: CniList;
  /** Bridges that its plug-ins would make and leave behind. */
  readonly bridges: readonly string[];
}

/** Networks of a list of plug-ins in a file, which also decides where addresses come from. The file is read once. */
export class ListDriver implements NetworkDriver {
  readonly type = "cni";
  readonly capabilities: DriverCapabilities = { needsIpam: false, publishes: true, namespace: "own", singleton: false };

  constructor(private readonly variable: string | undefined) {}

  parseOptions(raw: RawOptions): RawOptions {
    const known = canonicalOptions({ of: "driver cni", flag: "-o", options }, raw);
    const path = searchPath(known[PATH_OPTION], this.variable).join(":");
    if (known.conflist === undefined) throw noFile();
    return { ...known, [PATH_OPTION]: path };
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return parseEndpointOptions(raw);
  }

  observe(host: HostView, network: Pick<Network, "name" | "options" | "internal">): Facts {
    if (network.internal) throw notInternal(network.name);
    const { conflist = "" } = network.options;
    const path = searchPath(network.options[PATH_OPTION], this.variable);
    const list = readConflist(textOf(conflist), conflist);
    for (const { type } of list.plugins) requirePlugin(type, path);
    return { path, list, bridges: madeBridges(host, list) } satisfies ListFacts;
  }

  network({ id, name: called, mac, facts }: Network): readonly Resource[] {
    const { path, list, bridges } = facts as unknown as ListFacts;
    return [
      ...bridges.map((name): Resource => ({ kind: "link", type: "bridge", name, mac })),
      { kind: "cni-network", id, name: called, list, directories: path },
    ];
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    const { path, list } = network.facts as unknown as ListFacts;
    const { id, netns, interface: name } = endpoint;
    const capabilities = capabilitiesOf(list, endpoint, readCapabilities(capabilityOptions(endpoint.options)));
    return [
      { kind: "cni-attachment", id, network: network.id, netns, name, list, directories: path, capabilities },
      ...endpointSysctls(endpoint, []),
    ];
  }
}

function textOf(file: string): string {
  try {
    return readBoundedFile(file, LARGEST).toString();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unreadable(file, code === "ENOENT" ? "it does not exist" : (code ?? message), error);
  }
}

function unreadable(file: string, why: string, cause?: unknown): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_CONFLIST",
    message: `the network configuration list ${file} cannot be read: ${why}`,
    hint: "Name a file of CNI's: -o conflist=/etc/cni/net.d/NAME.conflist",
    details: { file },
    cause,
  });
}

function noFile(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_CONFLIST",
    message: "the driver cni needs a network configuration list",
    hint: "Name its file: -o conflist=FILE; or use one plug-in alone: --driver cni:TYPE",
  });
}

function notInternal(network: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_CNI_INTERNAL",
    message: `network "${network}" of driver cni cannot be internal: its list decides what leads out of it`,
    hint: "Leave ipMasq and default routes out of the list instead.",
    details: { network },
  });
}
