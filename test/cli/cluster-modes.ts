import { beforeAll, describe, expect, test } from "@jest/globals";
import { clusterCommands, reaches } from "../support/cluster/cluster-commands.js";
import { type ClusterLab, outsideNumber } from "../support/cluster/cluster-lab.js";
import { pings } from "../support/cluster/pings.js";
import { address6Of, addressOf } from "../support/cluster/underlay.js";
import { eventually } from "../support/eventually.js";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import type { Namespace } from "../support/lab/namespace.js";

const numbers = [1, 2, 3] as const;

const kinds = [
  { mode: "routed", family: "IPv4" },
  { mode: "routed", family: "IPv6" },
  { mode: "routed", family: "both" },
  { mode: "l2", family: "IPv4" },
  { mode: "l2", family: "IPv6" },
  { mode: "l2", family: "both" },
  { mode: "hostgw", family: "IPv4" },
] as const;

/** One network of each mode, with as many families as it has: this cluster's hosts reach each other by IPv4. */
const modes = [
  { mode: "routed", name: "n2", port: 8082, mtu: 1450 },
  { mode: "l2", name: "n5", port: 8085, mtu: 1450 },
  { mode: "hostgw", name: "n6", port: 8086, mtu: 1500 },
] as const;

interface Tunnel {
  readonly linkinfo: { readonly info_data: { readonly id: number } };
  readonly stats64: { readonly rx: { readonly packets: number } };
}

/** Traffic between three hosts that have joined, whose containers are on a network `web` as `c1`, `c2`, `c3`. */
export function describeModes(lab: () => ClusterLab): void {
  const { tsd, run, overlay, addressesOf } = clusterCommands(lab);
  const guests: Namespace[] = [];
  const networks = kinds.map((kind, at) => ({ ...kind, name: `n${at}`, number: at + 20, vni: at + 5000 }));
  const addresses = new Map<string, readonly string[]>();

  /** Makes a namespace on a host, and puts it on networks. */
  async function enter(number: number, name: string, on: readonly string[]): Promise<Namespace> {
    const made = await lab().host(number).addNamespace(name);
    for (const network of on) await tsd(number, "network", "connect", network, `netns:${name}`);
    return made;
  }

  /** Addresses of this host's endpoints. */
  async function ownOn(number: number, network: string): Promise<readonly string[]> {
    const text = await tsd(number, "network", "inspect", network);
    return [...text.matchAll(/"(?:IPv4Address|IPv6Address)": "([^"/]+)\/\d+"/g)].map(([, address]) => `${address}`);
  }

  const remove = async (number: number, name: string, from: readonly string[]): Promise<void> => {
    for (const network of from) await tsd(number, "network", "disconnect", network, `netns:${name}`);
    await lab().host(number).mustRun(["ip", "netns", "delete", name]);
  };

  describe("each mode and family", () => {
    beforeAll(async () => {
      for (const { name, mode, family, number, vni } of networks) {
        const v4 = family === "IPv6" ? [] : ["--subnet", `10.${number}.0.0/16`];
        const v6 = family === "IPv4" ? [] : ["--subnet", `fd00:${number}::/64`];
        const only = family === "IPv6" ? ["--ipv4=false"] : [];
        const wire = mode === "hostgw" ? [] : ["-o", `vni=${vni}`];
        await overlay(name, "-o", `mode=${mode}`, ...wire, ...only, ...v4, ...v6);
      }
      const names = networks.map(({ name }) => name);
      await Promise.all(
        numbers.map(async (number) => {
          guests[number] = await enter(number, "guest", names);
          for (const name of names) {
            const own = await ownOn(number, name);
            addresses.set(name, [...new Set([...(addresses.get(name) ?? []), ...own])]);
          }
        }),
      );
    });

    test.each(networks)("containers of three hosts reach each other by $mode, $family", async ({ name, family }) => {
      const all = addresses.get(name) ?? [];
      expect(all).toHaveLength(family === "both" ? 6 : 3);
      for (const number of numbers) await reaches(guests[number] as Namespace, all);
    });

    test("two networks are apart on two hosts as on one, and an internal one has no way out", async () => {
      await overlay("closed", "--internal", "--subnet", "10.40.0.0/16");
      await run(1, "inner1", "--net", "closed");
      await run(2, "inner2", "--net", "closed");
      await run(1, "other1", "--net", "n0");
      const [inner1 = "", inner2 = "", other1 = ""] = (
        await Promise.all([
          addressesOf(1, "inner1", "closed"),
          addressesOf(2, "inner2", "closed"),
          addressesOf(1, "other1", "n0"),
        ])
      ).flat();
      const c3 = await lab().host(3).insideOf("c3");
      const inside = await lab().host(2).insideOf("inner2");
      await reaches(inside, [inner1]);
      const [web1 = ""] = await addressesOf(1, "c1", "web");
      expect(await pings(inside, [other1, web1, addressOf(outsideNumber), addressOf(1)], 1)).toEqual([]);
      expect(await pings(c3, [inner1, inner2, other1], 1)).toEqual([]);
      await reaches(c3, [addressOf(outsideNumber)]);
      await tsd(1, "rm", "-f", "inner1", "other1");
      await tsd(2, "rm", "-f", "inner2");
      await eventually(() => tsd(2, "network", "rm", "closed"));
    });

    test.each(modes)(
      "the largest packet passes by $mode, and a larger one is told or fragmented",
      async ({ name, mtu }) => {
        const [guest] = guests.slice(1);
        for (const address of addresses.get(name) ?? []) {
          const headers = address.includes(":") ? 48 : 28;
          const ping = (...words: readonly string[]) =>
            guest?.run(["ping", "-q", "-c", "1", "-W", "2", ...words, address]);
          expect(await ping("-M", "do", "-s", String(mtu - headers))).toMatchObject({ code: 0 });
          expect(await ping("-M", "dont", "-s", "3000")).toMatchObject({ code: 0 });
        }
        const links = (await guest?.mustRun(["ip", "-brief", "address"]))?.split("\n") ?? [];
        const [own = ""] = addresses.get(name) ?? [];
        const link = links.find((line) => line.includes(`${own}/`))?.split(/[\s@]/)[0] ?? "";
        expect(await guest?.mustRun(["ip", "link", "show", link])).toContain(`mtu ${mtu} `);
      },
    );

    test.each(modes)("a port is published, and a name known, by $mode", async ({ mode, name, port }) => {
      await run(2, `www-${mode}`, "--net", name, "-p", `${port}:80`);
      await run(1, "asker", "--net", name);
      const server = await serveEcho(await lab().host(2).insideOf(`www-${mode}`), {
        protocol: "tcp",
        address: "::",
        port: 80,
      });
      const ask = (address: string) => askEcho(lab().outside, { protocol: "tcp", address, port });
      expect(await ask(addressOf(2))).toContain(addressOf(outsideNumber));
      if (mode !== "hostgw") expect(await ask(address6Of(2))).toBe(address6Of(outsideNumber));
      expect(await ask(addressOf(3))).toBeUndefined();
      await eventually(() => tsd(1, "exec", "asker", "ping", "-c", "1", "-W", "2", `www-${mode}`));
      await server.close();
      await tsd(1, "rm", "-f", "asker");
      await tsd(2, "rm", "-f", `www-${mode}`);
    });

    test.each(modes)("what has no part in a network does not get in by $mode", async ({ mode, name }) => {
      const { number, vni } = networks.find((one) => one.name === name) ?? { number: 0, vni: 0 };
      const { outside } = lab();
      const [target = ""] = (await ownOn(1, name)).filter((address) => !address.includes(":"));
      await outside.ip(`route add 10.${number}.0.0/16 via ${addressOf(1)}`);
      expect(await pings(outside, [target], 1)).toEqual([]);
      await outside.ip(`route delete 10.${number}.0.0/16`);
      if (mode === "hostgw") return;
      const host = lab().host(1);
      const device = `vxlan id ${vni} local ${addressOf(outsideNumber)} remote ${addressOf(1)} dstport 4789`;
      await outside.ip(
        `link add evil type ${device}`,
        "link set evil up",
        `address add 10.${number}.255.9/16 dev evil`,
      );
      await outside.ip(`neighbour add ${target} lladdr 02:00:00:00:00:99 dev evil`);
      const received = async (): Promise<number> => {
        const before = await counter();
        await outside.run(["ping", "-q", "-i", "0.01", "-c", "50", "-W", "1", target]);
        return (await counter()) - before;
      };
      const counter = async (): Promise<number> => {
        const words = ["ip", "-json", "-details", "-statistics", "link", "show", "type", "vxlan"];
        const tunnels: readonly Tunnel[] = JSON.parse(await host.mustRun(words));
        return tunnels.find(({ linkinfo }) => linkinfo.info_data.id === vni)?.stats64.rx.packets ?? Number.NaN;
      };
      expect(await received()).toBeLessThan(25);
      // The same frames come in where this host takes their sender for a member.
      const element = `${addressOf(outsideNumber)} . 4789 . 0x${vni.toString(16)}`;
      await host.mustRun(["nft", `add element inet tsd member4 { ${element} }`]);
      expect(await received()).toBeGreaterThanOrEqual(50);
      await host.mustRun(["nft", `delete element inet tsd member4 { ${element} }`]);
      await outside.ip("link delete evil");
    });

    test.each(modes)("--internal, antispoof=true and icc=false hold across hosts by $mode", async ({ mode, name }) => {
      // Other hosts remove theirs in their own time, so each mode has names and subnets of its own.
      const [shut, apart, at] = [`shut-${mode}`, `apart-${mode}`, modes.findIndex((one) => one.mode === mode)];
      const v6 = mode === "hostgw" ? [] : ["--subnet", `fd00:${50 + at}::/64`];
      const options = ["-o", `mode=${mode}`];
      await overlay(shut, ...options, "--internal", "-o", "antispoof=true", "--subnet", `10.${50 + at}.0.0/16`, ...v6);
      await overlay(apart, ...options, "-o", "icc=false", "--subnet", `10.${60 + at}.0.0/16`);
      const inner = [await enter(1, "inner", [shut]), await enter(2, "inner", [shut])] as const;
      const lonely = [await enter(1, "lonely", [apart]), await enter(2, "lonely", [apart])] as const;
      await reaches(inner[0], await ownOn(2, shut));
      await reaches(inner[1], await ownOn(1, shut));
      expect(await pings(inner[0], [addressOf(outsideNumber), addressOf(2)], 1)).toEqual([]);
      // A free address of the same block: without antispoof its replies come back, but by l2, where the other host knows each sender.
      const spoofs = async (from: Namespace, own: string, target: string): Promise<number> => {
        const spoofed = own.replace(/\d+$/, (octet) => String(Number(octet) + 20));
        const links = JSON.parse(await from.mustRun(["ip", "-json", "address"])) as readonly {
          readonly ifname: string;
          readonly addr_info: readonly { readonly local: string }[];
        }[];
        const link = links.find(({ addr_info }) => addr_info.some(({ local }) => local === own))?.ifname ?? "";
        await from.ip(`address add ${spoofed}/32 dev ${link}`);
        const { code } = await from.run(["ping", "-q", "-c", "3", "-i", "0.2", "-W", "1", "-I", spoofed, target]);
        await from.ip(`address delete ${spoofed}/32 dev ${link}`);
        return code;
      };
      const first = async (number: number, network: string) =>
        (await ownOn(number, network)).find((address) => !address.includes(":")) ?? "";
      expect(await spoofs(inner[0], await first(1, shut), await first(2, shut))).toBe(1);
      expect(await spoofs(guests[1] as Namespace, await first(1, name), await first(2, name))).toBe(
        mode === "l2" ? 1 : 0,
      );
      expect(await pings(lonely[0], [await first(2, apart)], 1)).toEqual([]);
      await reaches(lonely[0], [addressOf(outsideNumber)]);
      for (const number of [1, 2]) {
        await remove(number, "inner", [shut]);
        await remove(number, "lonely", [apart]);
      }
      for (const network of [shut, apart]) await eventually(() => tsd(1, "network", "rm", network));
    });

    test("all of it goes", async () => {
      for (const number of numbers)
        await remove(
          number,
          "guest",
          networks.map(({ name }) => name),
        );
      for (const { name } of networks) await eventually(() => tsd(1, "network", "rm", name));
      // Other hosts remove theirs in their own time.
      const id = await tsd(1, "network", "inspect", "--format", "{{.Id}}", "web");
      await eventually(async () => {
        const keys = await lab().etcd.keys("/tsd/default/network/");
        expect(keys.filter((key) => !key.includes(id))).toEqual([]);
        for (const number of numbers)
          expect(await tsd(number, "network", "ls", "--format", "{{.Name}}")).not.toMatch(/^n\d$/m);
      });
    });
  });
}
