/** Why an option is refused; `what` is the rest of a sentence about it. */
export interface Fault {
  readonly what: string;
  readonly hint: string;
  readonly cause?: unknown;
}

/** By the first word of a key. */
export type Refusals = Readonly<Record<string, Fault>>;

const inFile = "Leave it out, or use a file: --driver cni -o conflist=FILE";

/** What tsd writes itself, or the specification keeps for runtimes (SPEC.md, "Plugin configuration objects"). */
const ofConfiguration = tsds({
  cniVersion: inFile,
  cniVersions: inFile,
  name: inFile,
  type: inFile,
  ipam: `Use --subnet and --ipam-driver. ${inFile}`,
  capabilities: inFile,
  prevResult: inFile,
  runtimeConfig: "Give it for each container: --driver-opt KEY=VALUE",
  args: inFile,
});

/** What other drivers call so, and no plug-in of CNI: plug-ins ignore what they do not know. */
const slips: Refusals = {
  cni_path: unknown("Write it in capitals: CNI_PATH=DIRECTORY:DIRECTORY"),
  com: unknown("It is docker's. Use the plug-in's own word, such as mtu, bridge or mode."),
  conflist: unknown("A list is for the driver cni alone: --driver cni -o conflist=FILE"),
  ipvlan_mode: unknown("Use mode."),
  macvlan_mode: unknown("Use mode."),
  parent: unknown("Use master, which macvlan, ipvlan and vlan have; host-device has device."),
};

export const refusedForNetworks: Refusals = { ...ofConfiguration, ...slips };

export const refusedForAddresses = tsds({
  type: "Name the plug-in: --ipam-driver cni:TYPE",
  subnet: "Use --subnet.",
  range: "Use --ip-range.",
  gateway: "Use --gateway.",
  ranges: "Use --subnet, --ip-range and --gateway.",
  rangeStart: "Use --ip-range.",
  rangeEnd: "Use --ip-range.",
  addresses: "Use --ip and --ip6.",
});

export const refusedForEndpoints = tsds({ mac: "Use --mac-address.", portMappings: "Use -p." });

function tsds(hints: Readonly<Record<string, string>>): Refusals {
  const faults = Object.entries(hints).map(([name, hint]): [string, Fault] => [
    name,
    { what: `sets "${name}", which is tsd's to set`, hint },
  ]);
  return Object.fromEntries(faults);
}

function unknown(hint: string): Fault {
  return { what: "is no option of CNI's plug-ins", hint };
}
