import { describe, expect, test } from "@jest/globals";
import type { Endpoint, Network, NetworkDriver, RawOptions } from "../../../src/api/index.js";
import { ipvlanDriver } from "../../../src/extensions/ipvlan/ipvlan-driver.js";
import type { ParentFacts } from "../../../src/extensions/lan/parent-facts.js";
import { macvlanDriver } from "../../../src/extensions/macvlan/macvlan-driver.js";
import { ptpDriver } from "../../../src/extensions/ptp/ptp-driver.js";
import { vlanBridgeDriver } from "../../../src/extensions/vlan-bridge/vlan-bridge-driver.js";
import { expectGolden } from "../../support/engine/golden-file.js";
import { dual, endpoint, network } from "../drivers/network-values.js";

const eth0: ParentFacts = { parent: "eth0", mtu: 1500, mac: "02:00:00:00:00:77" };
const vlan20: ParentFacts = { ...eth0, parent: "eth0.20", makes: "vlan", base: "eth0", vlan: 20 };
const none: ParentFacts = { parent: "dm-111111111111", makes: "dummy" };
const both = { addresses: ["10.10.10.2/24", "fd00:10::2/64"] };
const ports: Endpoint["ports"] = [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }];

interface Case {
  readonly driver: NetworkDriver;
  readonly facts?: ParentFacts;
  readonly options?: RawOptions;
  readonly network?: Partial<Network>;
  readonly endpoint?: Partial<Endpoint>;
}

const cases: Readonly<Record<string, Case>> = {
  macvlan: { driver: macvlanDriver, facts: eth0, options: { parent: "eth0", mtu: "1400" } },
  "macvlan-vlan": { driver: macvlanDriver, facts: vlan20, network: dual, endpoint: both },
  "macvlan-passthru": { driver: macvlanDriver, facts: eth0, options: { macvlan_mode: "passthru" } },
  "macvlan-internal": { driver: macvlanDriver, facts: eth0, network: { internal: true } },
  "macvlan-no-parent": { driver: macvlanDriver, facts: none },
  "ipvlan-l2": { driver: ipvlanDriver, facts: eth0, options: { ipvlan_flag: "private" } },
  "ipvlan-l3": { driver: ipvlanDriver, facts: vlan20, options: { ipvlan_mode: "l3" }, network: dual, endpoint: both },
  "vlan-bridge": { driver: vlanBridgeDriver, facts: vlan20, network: dual, endpoint: both },
  "vlan-bridge-host": {
    driver: vlanBridgeDriver,
    facts: vlan20,
    options: { host_address: "10.10.10.5" },
    network: { subnets: [{ cidr: "10.10.10.0/24", gateway: "10.10.10.1", auxiliary: { host: "10.10.10.5" } }] },
  },
  ptp: { driver: ptpDriver, network: { ...dual, egressMtu: 1420, forwarding6: false }, endpoint: { ...both, ports } },
  "ptp-icc-off": { driver: ptpDriver, options: { icc: "false", masquerade: "false" } },
  "ptp-internal": { driver: ptpDriver, network: { internal: true }, endpoint: { ports } },
};

/** The network and the endpoint of a case. */
function valuesOf({ driver, facts, options = {}, ...changes }: Case): readonly [Network, Endpoint] {
  const kept = facts === undefined ? {} : { facts };
  const parsed = driver.parseOptions(options);
  return [network({ driver: driver.type, options: parsed, ...kept, ...changes.network }), endpoint(changes.endpoint)];
}

describe("what drivers list", () => {
  test.each(Object.entries(cases))("%s", (name, one) => {
    const [of, its] = valuesOf(one);
    const lists = { network: one.driver.network(of), endpoint: one.driver.endpoint(of, its) };
    const lines = Object.entries(lists).flatMap(([title, list]) => [
      `# ${title}`,
      ...list.map((each) => JSON.stringify(each)),
    ]);
    expectGolden(new URL(`golden/${name}.txt`, import.meta.url), `${lines.join("\n")}\n`);
    expect(one.driver.endpoint(of, its)).toEqual(lists.endpoint);
  });
});

test("containers share a MAC address where the kernel gives them the parent's", () => {
  const shared = (name: string): string | undefined => {
    const one = cases[name];
    return one === undefined ? undefined : one.driver.sharedMac?.(valuesOf(one)[0]);
  };
  expect(["macvlan", "macvlan-passthru", "ipvlan-l2", "ptp"].map(shared)).toEqual([
    undefined,
    eth0.mac,
    eth0.mac,
    undefined,
  ]);
});

test("a host's own address on a VLAN must be kept from containers", () => {
  const [of] = valuesOf({ driver: vlanBridgeDriver, facts: vlan20, options: { host_address: "10.10.10.5" } });
  expect(() => vlanBridgeDriver.network(of)).toThrow("does not keep host_address=10.10.10.5 from its containers");
});
