import { beforeAll, describe, expect, test } from "@jest/globals";
import { outsideNumber, useClusterLab } from "../support/cluster/cluster-lab.js";
import { pings } from "../support/cluster/pings.js";
import { address6Of, addressOf } from "../support/cluster/underlay.js";
import { eventually } from "../support/eventually.js";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import type { Namespace } from "../support/lab/namespace.js";
import { expectPods } from "./cluster-cni.js";
import { type ClusterRefusal, joinRefusals, memberRefusals } from "./cluster-refusals.js";

const lab = useClusterLab();
const numbers = [1, 2, 3] as const;
const tsd = (number: number, ...words: readonly string[]): Promise<string> => lab().host(number).mustTsd(words);
const run = (number: number, name: string, ...flags: readonly string[]): Promise<string> =>
  tsd(number, "run", "-d", "--name", name, ...flags, "busybox", "sleep", "600");
const overlay = (name: string, ...words: readonly string[]): Promise<string> =>
  tsd(1, "network", "create", "--driver", "overlay", ...words, name);
const join = (number: number, ...words: readonly string[]): Promise<string> =>
  tsd(number, "cluster", "join", "--etcd", lab().etcd.urls, ...words);

/** Addresses of a container on a network, of both families as far as it has them. */
async function addressesOf(number: number, container: string, network: string): Promise<readonly string[]> {
  const of = `(index .NetworkSettings.Networks "${network}")`;
  const text = await tsd(number, "inspect", "--format", `{{${of}.IPAddress}} {{${of}.GlobalIPv6Address}}`, container);
  return text.split(" ").filter((word) => word !== "" && word !== "<no value>");
}

/** Waits until a namespace gets replies from just these of the addresses. */
async function reaches(
  from: Namespace,
  targets: readonly string[],
  expected: readonly string[] = targets,
): Promise<void> {
  await eventually(async () => expect(await pings(from, targets)).toEqual(expected.toSorted()));
}

/** Each is one sentence with the value, and leaves no record in etcd and nothing on the host. */
async function expectRefusals(refusals: readonly ClusterRefusal[]): Promise<void> {
  const [before, present] = [await lab().etcd.keys(), await lab().present()];
  const wrong: string[] = [];
  for (const { what, on = 1, words, says } of refusals) {
    const { code, stderr } = await lab().host(on).tsd(words);
    const missing = says.filter((text) => !stderr.includes(text));
    if (code === 0 || missing.length > 0) wrong.push(`${what}: ${code}, without ${missing.join(" and ")}: ${stderr}`);
  }
  expect(wrong).toEqual([]);
  expect(await lab().etcd.keys()).toEqual(before);
  await eventually(async () => expect(await lab().present()).toEqual(present));
}

test("three hosts join, and have one network that one of them makes; each knows all containers by address and name", async () => {
  await join(1);
  await join(2);
  await join(3);
  await overlay("web", "--subnet", "10.5.0.0/16", "--subnet", "fd00:5::/64");
  for (const number of numbers) await run(number, `c${number}`, "--net", "web");
  const all = (await Promise.all(numbers.map((number) => addressesOf(number, `c${number}`, "web")))).flat();
  expect(new Set(all).size).toBe(6);
  for (const number of numbers) {
    await reaches(await lab().host(number).insideOf(`c${number}`), all);
    await reaches(lab().host(number), all);
    for (const other of numbers) {
      await eventually(() => tsd(number, "exec", `c${number}`, "ping", "-c", "1", "-W", "2", `c${other}`));
    }
  }
  expect(await tsd(2, "cluster", "ls", "--format", "{{.Name}} {{.Address}}")).toBe(
    numbers.map((number) => `host${number} ${addressOf(number)}`).join("\n"),
  );
  const inspected = await tsd(3, "network", "inspect", "web");
  for (const word of ["c1", "c2", "c3", ...all]) expect(inspected).toContain(word);
  for (const number of numbers) expect(await lab().host(number).tsd(["check"])).toMatchObject({ code: 0 });
});

test("what does not fit is refused in words, and leaves nothing on any host nor in etcd", async () => {
  await overlay("taken", "-o", "vni=7777", "--subnet", "10.77.0.0/16");
  await expectRefusals(memberRefusals(lab().etcd.urls));
  await tsd(1, "network", "rm", "taken");
  // A subnet that one of the hosts routes elsewhere is refused there alone.
  await lab()
    .host(3)
    .ip(`route add 10.66.7.0/24 via ${addressOf(outsideNumber)}`);
  await overlay("far", "--subnet", "10.66.0.0/16", "--disable-dns", "--label", "tier=far");
  const { code, stderr } = await lab().host(3).tsd(["run", "-d", "--net", "far", "busybox", "true"]);
  expect([code, stderr]).toEqual([125, expect.stringMatching(/10\.66\.0\.0\/16[^\n]*10\.66\.7\.0\/24/)]);
  await lab().host(3).ip("route del 10.66.7.0/24");
  // Looking at it does not make it there.
  const look = [
    "network",
    "inspect",
    "--format",
    "{{.DNSEnabled}} {{.Labels.tier}} {{len .Peers}} {{len .Containers}}",
  ];
  expect(await tsd(2, ...look, "far")).toBe("false far 1 0");
  expect(await tsd(2, "network", "ls", "--format", "{{.Name}}")).not.toContain("far");
  await run(2, "brief", "--net", "far");
  expect(await tsd(2, ...look, "far")).toBe("false far 1 1");
  await tsd(2, "rm", "-f", "brief");
  await eventually(() => tsd(1, "network", "rm", "far"));
});

const kinds = [
  { mode: "routed", family: "IPv4" },
  { mode: "routed", family: "IPv6" },
  { mode: "routed", family: "both" },
  { mode: "l2", family: "IPv4" },
  { mode: "l2", family: "IPv6" },
  { mode: "l2", family: "both" },
  { mode: "hostgw", family: "IPv4" },
] as const;

describe("each mode and family", () => {
  const guests: Namespace[] = [];
  const networks = kinds.map((kind, at) => ({ ...kind, name: `n${at}`, number: at + 20 }));
  const addresses = new Map<string, readonly string[]>();

  beforeAll(async () => {
    for (const { name, mode, family, number } of networks) {
      const v4 = family === "IPv6" ? [] : ["--subnet", `10.${number}.0.0/16`];
      const v6 = family === "IPv4" ? [] : ["--subnet", `fd00:${number}::/64`];
      const only = family === "IPv6" ? ["--ipv4=false"] : [];
      await overlay(name, "-o", `mode=${mode}`, ...only, ...v4, ...v6);
    }
    await Promise.all(
      numbers.map(async (number) => {
        guests[number] = await lab().host(number).addNamespace("guest");
        for (const { name } of networks) await tsd(number, "network", "connect", name, "netns:guest");
        for (const { name } of networks) {
          const text = await tsd(number, "network", "inspect", name);
          const own = [...text.matchAll(/"(?:IPv4Address|IPv6Address)": "([^"/]+)\/\d+"/g)].map(
            ([, address]) => `${address}`,
          );
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

  test("the largest packet passes, and a larger one is told or fragmented", async () => {
    for (const { name } of networks.filter(({ family }) => family === "both")) {
      const far = (addresses.get(name) ?? []).filter((address) => !address.includes(":"));
      for (const address of far) {
        const ping = (...words: readonly string[]) =>
          guests[1]?.run(["ping", "-q", "-c", "1", "-W", "2", ...words, address]);
        expect(await ping("-M", "do", "-s", String(1450 - 28))).toMatchObject({ code: 0 });
        expect(await ping("-M", "dont", "-s", "3000")).toMatchObject({ code: 0 });
      }
      const link = await guests[1]?.run(["ip", "-o", "link", "show"]);
      expect(link?.stdout).toContain(name === "n6" ? "mtu 1500" : "mtu 1450");
    }
  });

  test("all of it goes", async () => {
    for (const number of numbers) {
      for (const { name } of networks) await tsd(number, "network", "disconnect", name, "netns:guest");
      await lab().host(number).mustRun(["ip", "netns", "delete", "guest"]);
    }
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

test("a port is published where the container runs, and a machine outside sees it there alone", async () => {
  await run(2, "www", "--net", "web", "-p", "8080:80");
  const server = await serveEcho(await lab().host(2).insideOf("www"), { protocol: "tcp", address: "::", port: 80 });
  const ask = (from: Namespace, address: string) => askEcho(from, { protocol: "tcp", address, port: 8080 });
  expect(await ask(lab().outside, addressOf(2))).toContain(addressOf(outsideNumber));
  expect(await ask(lab().outside, address6Of(2))).toBe(address6Of(outsideNumber));
  expect(await ask(lab().outside, addressOf(1))).toBeUndefined();
  expect(await ask(await lab().host(1).insideOf("c1"), addressOf(2))).toBeDefined();
  await server.close();
  await tsd(2, "rm", "-f", "www");
});

test("an address outside of the blocks is one host's, and follows the container that has it to another host", async () => {
  const ip = "10.5.200.7";
  const from = await lab().host(1).insideOf("c1");
  await run(3, "mover", "--net", "web", "--ip", ip);
  await reaches(from, [ip]);
  await eventually(() => tsd(1, "exec", "c1", "ping", "-c", "1", "-W", "2", "mover"));
  const taken = await lab().host(2).tsd(["run", "-d", "--net", "web", "--ip", ip, "busybox", "true"]);
  expect(taken).toMatchObject({ code: 125, stderr: expect.stringMatching(/host3.*10\.5\.200\.7/) });
  await tsd(3, "rm", "-f", "mover");
  await run(2, "mover", "--net", "web", "--ip", ip);
  await reaches(from, [ip]);
  await reaches(await lab().host(3).insideOf("c3"), [ip]);
  await tsd(2, "rm", "-f", "mover");
});

test("a dry run changes nothing, check finds what others broke, and reload mends it", async () => {
  // Agents still write down which endpoints are gone.
  const claims = async () => (await lab().etcd.keys()).filter((key) => !key.includes("/endpoints/"));
  const [before, present] = [await claims(), await lab().present()];
  for (const [words, code] of [
    [["network", "create", "--dry-run", "--driver", "overlay", "--subnet", "10.9.0.0/16", "new"], 0],
    [["run", "--dry-run", "-d", "--net", "web", "--ip", "10.5.200.9", "busybox", "true"], 0],
    [["rm", "--dry-run", "-f", "c1"], 0],
    [["network", "rm", "--dry-run", "web"], 1],
    [["cluster", "rm", "--dry-run", "--force", "host2"], 0],
    [["cluster", "leave", "--dry-run", "--force"], 1],
  ] as const) {
    const done = await lab().host(1).tsd(words);
    expect({ words, ...done }).toMatchObject({ code });
  }
  expect(await claims()).toEqual(before);
  await eventually(async () => expect(await lab().present()).toEqual(present));
  const host = lab().host(1);
  const tunnel = (await host.mustRun(["ip", "-brief", "link", "show", "type", "vxlan"])).split(/[\s@]/)[0] ?? "";
  const [far = ""] = await addressesOf(2, "c2", "web");
  await host.mustRun(["ip", "neighbour", "flush", "nud", "permanent", "dev", tunnel]);
  expect(await host.tsd(["check"])).toMatchObject({ code: 1, stdout: expect.stringContaining("host2") });
  await tsd(1, "reload");
  expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
  await host.ip(`link del ${tunnel}`);
  expect((await host.tsd(["check"])).code).toBe(1);
  await tsd(1, "reload");
  await reaches(await host.insideOf("c1"), [far]);
  expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
  expect(await tsd(1, "gc")).not.toContain(tunnel);
});

test("nodes with one configuration of CNI have one network, on which their pods reach each other", async () => {
  await expectPods(lab());
});

test("hosts leave when nothing is used any more, and nothing is left on them nor in etcd", async () => {
  await tsd(1, "rm", "-f", "c1");
  expect(await lab().host(1).tsd(["network", "rm", "web"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/"web" is in use by .*"host2"/),
  });
  for (const number of [2, 3]) await tsd(number, "rm", "-f", `c${number}`);
  await eventually(() => tsd(1, "network", "rm", "web"));
  for (const number of numbers) await tsd(number, "cluster", "leave");
  expect(await lab().etcd.keys()).toEqual([]);
});

test("a cluster over IPv6 beside another one in the same etcd is joined in order or not at all, and has tunnels of its own", async () => {
  await join(1, "--cluster", "six", "--address", address6Of(1));
  await expectRefusals(joinRefusals(lab().etcd.urls).map((row) => ({ on: 2, ...row })));
  await join(2, "--cluster", "six", "--address", address6Of(2));
  await join(3);
  await overlay("web", "--subnet", "10.5.0.0/16", "--subnet", "fd00:5::/64");
  expect((await lab().host(3).tsd(["run", "--rm", "--net", "web", "busybox", "true"])).code).toBe(125);
  for (const number of [1, 2]) await run(number, `c${number}`, "--net", "web");
  const from = await lab().host(1).insideOf("c1");
  const far = await addressesOf(2, "c2", "web");
  await reaches(from, far);
  for (const address of far) {
    const payload = 1430 - (address.includes(":") ? 48 : 28);
    await from.mustRun(["ping", "-q", "-c", "1", "-W", "2", "-M", "do", "-s", String(payload), address]);
  }
  for (const number of [1, 2]) await tsd(number, "rm", "-f", `c${number}`);
  await eventually(() => tsd(2, "network", "rm", "web"));
  for (const number of numbers) await tsd(number, "cluster", "leave");
});
