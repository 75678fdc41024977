import { expect, test } from "@jest/globals";
import type { Container } from "../../src/api/index.js";
import { addresses, uplink } from "../support/lab/lab.js";
import { Namespace } from "../support/lab/namespace.js";
import { type Guest, useGuest } from "./guest.js";

/** Kernels of other machines may have neither VLANs, nor ipvlan, nor dummies. */
const guest = useGuest();

const router = { vlan: "192.168.20.1", vlan6: "fd20::1" };
const subnets = ["192.168.20.0/24", "fd20::/64"];
const gateways = [router.vlan, router.vlan6];

/** The machine on the other end of the wire is the router of VLAN 20, and knows the way to what the host routes. */
async function withVlan({ internet }: Guest, use: () => Promise<void>): Promise<void> {
  await internet.ip(
    "link add link wan0 name wan0.20 up type vlan id 20",
    `address add ${router.vlan}/24 dev wan0.20`,
    `address add ${router.vlan6}/64 dev wan0.20 nodad`,
  );
  try {
    await use();
  } finally {
    await internet.ip("link delete wan0.20");
  }
}

/** A container of that network, and its namespace. */
async function start({ library }: Guest, name: string, network: object): Promise<Namespace> {
  const spec = { image: "busybox", name, command: ["sleep", "1200"], networks: [network] };
  const { pid } = (await library.call(["containers", "runDetached", spec])) as Container;
  return Namespace.of(pid ?? 0);
}

/** Fails where no reply comes. */
async function ping(from: Namespace, ...to: readonly string[]): Promise<void> {
  for (const address of to) await from.mustRun(["ping", "-q", "-c", "1", "-w", "60", address], { timeout: 120_000 });
}

async function remove({ library }: Guest, network: string, ...containers: readonly string[]): Promise<void> {
  for (const name of containers) await library.call(["containers", "remove", name, { force: true }]);
  await library.call(["networks", "remove", network]);
}

test("macvlan on a VLAN that is made for it, and without a parent", async () => {
  const { host, internet, library } = guest();
  await withVlan(guest(), async () => {
    const parent = `${uplink}.20`;
    await library.call([
      "networks",
      "create",
      { name: "lan", driver: "macvlan", options: { parent }, subnets, gateways },
    ]);
    // A kernel before 6.15 looks for the name of a container's link here.
    await host.ip("link add eth0 type dummy");
    const web = await start(guest(), "web", { network: "lan", address: "192.168.20.9", address6: "fd20::9" });
    const other = await start(guest(), "other", { network: "lan", address: "192.168.20.10" });
    await host.ip("link delete eth0");
    await ping(web, router.vlan, router.vlan6, "192.168.20.10", addresses.server);
    await ping(internet, "192.168.20.9", "fd20::9");
    await ping(other, "192.168.20.9");
    expect(await library.call(["system", "check"])).toEqual([]);

    await host.ip(`link delete ${parent}`);
    expect(await library.call(["system", "check"])).not.toEqual([]);
    await library.call(["system", "reload"]);
    expect(await library.call(["system", "check"])).toEqual([]);
    await ping(web, router.vlan);
    await remove(guest(), "lan", "web", "other");
  });
  const alone = { name: "alone", driver: "macvlan", subnets: ["10.66.0.0/24"] };
  await library.call(["networks", "create", alone]);
  const a = await start(guest(), "a", { network: "alone", address: "10.66.0.9" });
  await start(guest(), "b", { network: "alone", address: "10.66.0.10" });
  expect(await a.mustRun(["ip", "route"])).not.toContain("default");
  await ping(a, "10.66.0.10");
  expect(await library.call(["system", "check"])).toEqual([]);
  await remove(guest(), "alone", "a", "b");
});

test("ipvlan: on the LAN, and routed by the host's link", async () => {
  const { internet, library, host } = guest();
  await withVlan(guest(), async () => {
    const options = { parent: `${uplink}.20` };
    await library.call(["networks", "create", { name: "lan", driver: "ipvlan", options, subnets, gateways }]);
    const web = await start(guest(), "web", { network: "lan", address: "192.168.20.9", address6: "fd20::9" });
    await start(guest(), "other", { network: "lan", address: "192.168.20.10" });
    await ping(web, router.vlan, router.vlan6, "192.168.20.10", addresses.server);
    await ping(internet, "192.168.20.9", "fd20::9");
    // All have the MAC address of the parent.
    const [parent] = JSON.parse(await host.mustRun(["ip", "-json", "link", "show", uplink]));
    expect(await web.mustRun(["ip", "link", "show", "eth0"])).toContain(parent.address);
    await expect(start(guest(), "third", { network: "lan", mac: "02:00:00:00:00:03" })).rejects.toThrow(
      /share that of a link/,
    );
    expect(await library.call(["system", "check"])).toEqual([]);
    await remove(guest(), "lan", "web", "other");
  });

  await internet.ip(`route add 10.55.0.0/24 via ${addresses.host}`);
  for (const ipvlan_mode of ["l3", "l3s"]) {
    const options = { parent: uplink, ipvlan_mode };
    await library.call([
      "networks",
      "create",
      { name: "routed", driver: "ipvlan", options, subnets: ["10.55.0.0/24"] },
    ]);
    const web = await start(guest(), "web", { network: "routed", address: "10.55.0.9" });
    expect(await web.mustRun(["ip", "route", "show", "default"])).toMatch(/^default dev eth0/);
    await ping(web, addresses.internet);
    await ping(internet, "10.55.0.9");
    expect(await library.call(["system", "check"])).toEqual([]);
    await remove(guest(), "routed", "web");
  }
  await internet.ip("route delete 10.55.0.0/24");
});

test("vlan-bridge: neighbours of those on the VLAN, and the host among them where it has an address", async () => {
  const { internet, library, host } = guest();
  await withVlan(guest(), async () => {
    const options = { parent: uplink, vlan: "20", host_address: "192.168.20.5" };
    const auxiliary = { host: "192.168.20.5" };
    const lan = { name: "lan", driver: "vlan-bridge", options, subnets, gateways, auxiliary };
    await library.call(["networks", "create", lan]);
    const web = await start(guest(), "web", { network: "lan", address: "192.168.20.9", address6: "fd20::9" });
    await start(guest(), "other", { network: "lan", address: "192.168.20.10" });
    await ping(web, router.vlan, router.vlan6, "192.168.20.10", "192.168.20.5", addresses.server);
    await ping(internet, "192.168.20.9", "fd20::9", "192.168.20.5");
    await ping(host, "192.168.20.9");
    expect(await library.call(["system", "check"])).toEqual([]);
    await host.ip(`link delete ${uplink}.20`);
    await library.call(["system", "reload"]);
    expect(await library.call(["system", "check"])).toEqual([]);
    await ping(internet, "192.168.20.9");
    await remove(guest(), "lan", "web", "other");
  });
});
