import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { enterWorld, leaveWorld } from "./world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });

/** What an uplink of this kernel says about IPv6, as `cat` prints it. */
function forwarding6(link: string): { readonly forwarding6?: boolean } {
  const key = `/proc/sys/net/ipv6/conf/${link}/force_forwarding`;
  return existsSync(key) ? { forwarding6: readFileSync(key, "utf8").trim() === "1" } : {};
}

beforeAll(() => {
  enterWorld();
  shell(`
    ip link add up0 type veth peer name far0
    ip link set up0 up; ip link set far0 up
    ip address add 192.0.2.2/24 dev up0
    ip address add 2001:db8::2/64 dev up0 nodad
    ip route add default via 192.0.2.1
    ip route add 10.0.0.0/8 via 192.0.2.1
    ip link add inner type bridge; ip link set inner up; ip address add 172.20.0.1/16 dev inner
    ip link add v0 master inner type veth peer name v1
    ip link add quiet type bridge; ip link set quiet up; ip address add 169.254.1.1/16 scope link dev quiet
  `);
});
afterAll(() => leaveWorld());

describe("uplinks", () => {
  test("are where other machines are: not lo, not a bridge of local namespaces, not a link-local address", () => {
    writeFileSync("/proc/sys/net/ipv4/conf/up0/forwarding", "0");
    expect(hostNetwork.uplinks()).toMatchObject([{ name: "up0", forwarding: false, ...forwarding6("up0") }]);
    writeFileSync("/proc/sys/net/ipv4/conf/up0/forwarding", "1");
    expect(hostNetwork.uplinks()).toMatchObject([{ name: "up0", forwarding: true, ...forwarding6("up0") }]);
  });

  test("include those that have an IPv6 address alone, and a bridge that an IPv6 gateway lies behind", () => {
    const names = () => hostNetwork.uplinks().map(({ name }) => name);
    shell("ip link add six up type veth peer name five; ip address add 2001:db8:6::2/64 dev six nodad");
    shell("ip address add 2001:db8:7::2/64 dev inner nodad");
    expect(names()).toEqual(["up0", "six"]);
    shell("ip route add 2001:db8:8::/48 via 2001:db8:7::1");
    expect(names().sort()).toEqual(["inner", "six", "up0"]);
    shell("ip link delete six; ip route delete 2001:db8:8::/48; ip address delete 2001:db8:7::2/64 dev inner");
  });

  test("are no links that bear a tsd's mark, whatever made them and whatever addresses they have", () => {
    const names = () => hostNetwork.uplinks().map(({ name }) => name);
    shell("ip link add cable up type veth peer name far");
    shell("ip address add 2001:db8:6::1/64 dev cable nodad; ip address add 10.6.0.1/24 dev cable");
    expect(names()).toEqual(["up0", "cable"]);
    shell("ip link set cable alias 'tsd /var/lib/tsd'");
    expect(names()).toEqual(["up0"]);
    shell("ip link delete cable");
  });

  test("say whether they forward IPv6, where the kernel asks each of them", () => {
    const key = "/proc/sys/net/ipv6/conf/up0/force_forwarding";
    if (!existsSync(key)) return;
    expect(hostNetwork.forwarding6()).toBeUndefined();
    for (const value of ["1", "0"]) {
      writeFileSync(key, value);
      expect(hostNetwork.uplinks()).toMatchObject([{ name: "up0", forwarding6: value === "1" }]);
    }
  });

  test("and the host, where the kernel asks it as a whole", () => {
    // Parameters of a kernel before 6.17.
    shell("mount -t tmpfs tmpfs /proc/sys/net/ipv6/conf; cd /proc/sys/net/ipv6/conf; mkdir all up0");
    try {
      expect(hostNetwork.forwarding6()).toBeUndefined();
      for (const value of ["0", "1"]) {
        writeFileSync("/proc/sys/net/ipv6/conf/all/forwarding", `${value}\n`);
        expect(hostNetwork.forwarding6()).toBe(value === "1");
      }
      for (const value of ["0", "1", "2"]) {
        writeFileSync("/proc/sys/net/ipv6/conf/up0/accept_ra", `${value}\n`);
        expect(hostNetwork.uplinks()).toMatchObject([{ name: "up0", forwarding: true, heedsRouters: value !== "0" }]);
      }
    } finally {
      shell("umount /proc/sys/net/ipv6/conf");
    }
  });

  test("include a bridge that a gateway lies behind", () => {
    shell("ip route add 10.20.0.0/16 via 172.20.0.9");
    expect(hostNetwork.uplinks().map(({ name }) => name)).toEqual(["up0", "inner"]);
    shell("ip route del 10.20.0.0/16");
  });
});

test("the MTU of the way out", () => {
  expect(hostNetwork.egressMtu()).toBe(1500);
  shell("ip link set up0 mtu 1400; ip route add default via 172.20.0.9 metric 50");
  expect(hostNetwork.egressMtu()).toBe(1400);
  shell("ip route del default via 192.0.2.1");
  expect(hostNetwork.egressMtu()).toBe(1500);
  shell("ip route del default; ip route add default nexthop via 192.0.2.1 nexthop via 172.20.0.9");
  expect(hostNetwork.egressMtu()).toBe(1400);
  shell("ip route del default; ip route add ::/0 via 2001:db8::1");
  expect(hostNetwork.egressMtu()).toBe(1400);
  shell("ip route del ::/0");
  expect(hostNetwork.egressMtu()).toBeUndefined();
  shell("ip link set up0 mtu 1500; ip route add default via 192.0.2.1");
});

test("the addresses of a bridge, which must be one", () => {
  expect(hostNetwork.bridge("inner")).toEqual({ addresses: ["172.20.0.1/16"] });
  shell("ip address add fd00:20::1/64 dev inner nodad");
  expect(hostNetwork.bridge("inner")).toEqual({ addresses: ["172.20.0.1/16", "fd00:20::1/64"] });
  expect(hostNetwork.bridge("quiet")).toEqual({ addresses: [] });
  expect(() => hostNetwork.bridge("br9")).toThrow(
    expect.objectContaining({ kind: "not-found", message: "there is no bridge br9" }),
  );
  expect(() => hostNetwork.bridge("up0")).toThrow(
    expect.objectContaining({ kind: "conflict", message: "up0 is a veth, not a bridge" }),
  );
  shell("ip address delete fd00:20::1/64 dev inner");
});

test("names and resolvers of the host, also where it has no files of them", () => {
  expect(hostNetwork.hostname()).toBe(shell("hostname").toString().trim());
  const files = ["/etc/hosts", "/etc/resolv.conf"];
  for (const file of files)
    shell(`test -e ${file} || touch ${file}; echo content > /run/file; mount --bind /run/file ${file}`);
  try {
    writeFileSync("/run/file", "nameserver 10.0.0.1\nsearch lan\n");
    expect(hostNetwork.hostsFile()).toBe("nameserver 10.0.0.1\nsearch lan\n");
    expect(hostNetwork.resolverFiles()[0]).toMatchObject({ nameservers: ["10.0.0.1"], search: ["lan"], options: [] });
  } finally {
    for (const file of files) shell(`umount ${file}`);
  }
  shell("mount -t tmpfs tmpfs /etc");
  try {
    expect(hostNetwork.hostsFile()).toBe("");
    expect(hostNetwork.resolverFiles()).toMatchObject([{ text: "", nameservers: [], search: [], options: [] }]);
  } finally {
    shell("umount /etc");
  }
});

test("routes are those of the main table, without default and link-local ones", () => {
  const routes = hostNetwork.routes();
  expect(routes).toEqual(
    expect.arrayContaining([
      { cidr: "192.0.2.0/24", link: "up0" },
      { cidr: "10.0.0.0/8", link: "up0" },
      { cidr: "172.20.0.0/16", link: "inner" },
      { cidr: "2001:db8::/64", link: "up0" },
    ]),
  );
  expect(routes.filter(({ cidr }) => /^(0\.0|127\.|fe80|ff00|::)/.test(cidr))).toEqual([]);
});

test("the range of ports that the kernel hands out", () => {
  const [first, last] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/).map(Number);
  expect(hostNetwork.portRange()).toEqual({ first, last });
});

test("what a namespace holds", () => {
  createNetns("/run/netns/held");
  expect(hostNetwork.namespace("/run/netns/held")).toEqual({ links: ["lo"], hasDefaultRoute: false });
  shell(
    "nsenter --net=/run/netns/held sh -ec 'ip link add e0 up type bridge; ip address add 10.1.1.1/24 dev e0; ip route add default via 10.1.1.2'",
  );
  expect(hostNetwork.namespace("/run/netns/held")).toEqual({ links: ["lo", "e0"], hasDefaultRoute: true });
  dropNetns("/run/netns/held");
  expect(() => hostNetwork.namespace("/run/netns/held")).toThrow(expect.objectContaining({ kind: "not-found" }));
});

describe("the way to an address", () => {
  test("is what `ip route get` says", () => {
    expect(hostNetwork.routeTo("192.0.2.1")).toEqual({ local: false, link: "up0", source: "192.0.2.2" });
    expect(hostNetwork.routeTo("203.0.113.1")).toEqual({
      ...{ local: false, link: "up0", gateway: "192.0.2.1", source: "192.0.2.2" },
    });
    expect(hostNetwork.routeTo("2001:db8::1")).toEqual({ local: false, link: "up0", source: "2001:db8::2" });
  });

  test("leads by lo to the host's own, which a second address of a subnet calls from the first", () => {
    shell("ip address add 192.0.2.7/24 dev up0");
    expect(hostNetwork.routeTo("192.0.2.7")).toEqual({ local: true, link: "lo", source: "192.0.2.2" });
    expect(hostNetwork.routeTo("2001:db8::2")).toMatchObject({ local: true, link: "lo" });
    shell("ip address delete 192.0.2.7/24 dev up0");
  });

  test("is none where a route refuses, or there is none", () => {
    shell("ip route add unreachable 203.0.113.0/24; ip -6 route add blackhole 2001:db8:9::/48");
    for (const address of ["203.0.113.1", "2001:db8:9::1", "2001:db8:a::1"]) {
      expect(hostNetwork.routeTo(address)).toBeUndefined();
    }
    shell("ip route delete unreachable 203.0.113.0/24; ip -6 route delete blackhole 2001:db8:9::/48");
    expect(() => hostNetwork.routeTo("up0")).toThrow(/not an IP address/);
  });

  test("is that of another namespace where one is named", () => {
    const path = "/run/netns/elsewhere";
    createNetns(path);
    expect(hostNetwork.routeTo("192.0.2.1", path)).toBeUndefined();
    dropNetns(path);
  });
});

test("addresses are those that are valid everywhere, with their links", () => {
  const addresses = hostNetwork.addresses();
  expect(addresses).toContainEqual({ link: "up0", address: "192.0.2.2/24" });
  expect(addresses).toContainEqual({ link: "up0", address: "2001:db8::2/64" });
  expect(addresses.filter(({ address }) => /^(fe80|169\.254|127|::1)/.test(address))).toEqual([]);
});
