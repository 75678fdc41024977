import { expect, test } from "@jest/globals";
import { clusterCommands, reaches } from "../support/cluster/cluster-commands.js";
import { outsideNumber, useClusterLab } from "../support/cluster/cluster-lab.js";
import { address6Of, addressOf } from "../support/cluster/underlay.js";
import { eventually } from "../support/eventually.js";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import type { Namespace } from "../support/lab/namespace.js";
import { expectPods } from "./cluster-cni.js";
import { describeModes } from "./cluster-modes.js";
import { type ClusterRefusal, joinRefusals, memberRefusals } from "./cluster-refusals.js";

const lab = useClusterLab();
const numbers = [1, 2, 3] as const;
const { tsd, run, join, overlay, addressesOf } = clusterCommands(lab);

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
  const counted = ["input", "output"].flatMap((hook) => [
    `add chain inet counted ${hook} { type filter hook ${hook} priority 10; }`,
    ...["==", "!="].map((is) => `add rule inet counted ${hook} udp dport 4789 ct state ${is} untracked counter`),
  ]);
  await lab()
    .host(2)
    .mustRun(["nft", ["add table inet counted", ...counted].join("; ")]);
  for (const number of numbers) {
    await reaches(await lab().host(number).insideOf(`c${number}`), all);
    await reaches(lab().host(number), all);
    for (const other of numbers) {
      await eventually(() => tsd(number, "exec", `c${number}`, "ping", "-c", "1", "-W", "2", `c${other}`));
    }
  }
  // Frames between members are of no connection.
  const listed = await lab().host(2).mustRun(["nft", "list", "table", "inet", "counted"]);
  expect([...listed.matchAll(/packets (\d+)/g)].map(([, packets]) => packets !== "0")).toEqual([
    true,
    false,
    true,
    false,
  ]);
  await lab().host(2).mustRun(["nft", "delete table inet counted"]);
  expect(await tsd(2, "cluster", "ls", "--format", "{{.Name}} {{.Address}}")).toBe(
    numbers.map((number) => `host${number} ${addressOf(number)}`).join("\n"),
  );
  const inspected = await tsd(3, "network", "inspect", "web");
  for (const word of ["c1", "c2", "c3", ...all]) expect(inspected).toContain(word);
  await tsd(1, "network", "update", "--label", "tier=front", "web");
  for (const number of numbers)
    await eventually(async () => expect(await tsd(number, "network", "inspect", "web")).toMatch(/"?tier"?\W+front/));
  // None of it is watched by the others.
  const id = await tsd(3, "network", "inspect", "--format", "{{.Id}}", "web");
  expect(await lab().etcd.keys(`/tsd/default/network/${id}/endpoints/`)).toEqual([]);
  const [address = ""] = await addressesOf(2, "c2", "web");
  expect(await tsd(1, "exec", "c1", "nslookup", address)).toContain("c2.web");
  expect(await lab().host(1).tsd(["exec", "c1", "nslookup", "nothing"])).toMatchObject({
    stdout: expect.stringContaining("NXDOMAIN"),
  });
  for (const number of numbers) expect(await lab().host(number).tsd(["check"])).toMatchObject({ code: 0 });
});

test("what other hosts have is on the map and in the matrix, and explain says what is in the way to them", async () => {
  const host = lab().host(1);
  const map = await tsd(1, "map");
  for (const name of ["c2  10.5", "on host2", "on host3"]) expect(map).toContain(name);
  for (const form of ["--svg", "--dot", "--mermaid"]) expect(await tsd(1, "map", form)).toMatch(/c3.*on host3/s);
  expect(await tsd(1, "explain", "--matrix")).toMatch(/ 1 c1 +· ✔ ✔\n 2 c2 on host2\n 3 c3 on host3$/);
  const probe = await host.tsd(["explain", "--probe", "c1", "c2"]);
  expect(probe).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/container c2 on host host2 at 10\.5.*as predicted/s),
  });
  const silent = await host.tsd(["explain", "--probe", "c1", "c2:81"]);
  expect(silent).toMatchObject({ code: 1, stdout: expect.stringMatching(/refused.*neither confirmed nor denied/s) });
  expect(await tsd(2, "explain", "c1", "c2")).toMatch(/reaches container c2 at 10\.5/);
  await host.ip("link set wire0 mtu 1400");
  expect(await tsd(1, "explain", "c1", "c2")).toMatch(
    /more than 1350 bytes do not fit on the way to host host2.*wire0 carries 1400/s,
  );
  await host.ip("link set wire0 mtu 1500");
  const drop =
    "add table ip own; add chain ip own in { type filter hook input priority 0; }; add rule ip own in udp dport 4789 drop";
  await host.mustRun(["nft", drop]);
  expect(await host.tsd(["explain", "--probe", "c1", "c2"])).toMatchObject({
    ...{ code: 1, stderr: "" },
    stdout: expect.stringMatching(/table ip own.*drops what host host2 sends to UDP port 4789.*as predicted/s),
  });
  await host.mustRun(["nft", "delete table ip own"]);
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

describeModes(lab);

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

test("a container that moves to another host, where it has another address, is found there by its name", async () => {
  for (const number of [3, 2]) {
    await run(number, "roamer", "--net", "web");
    await eventually(() => tsd(1, "exec", "c1", "ping", "-c", "1", "-W", "2", "roamer"));
    expect(await tsd(1, "explain", "c1", "roamer")).toContain(`container roamer on host host${number}`);
    await tsd(number, "rm", "-f", "roamer");
  }
});

test("a dry run changes nothing, check finds what others broke, and reload mends it", async () => {
  // Agents still write down which endpoints are gone.
  const claims = async () => (await lab().etcd.keys()).filter((key) => !/\/(endpoints|directory)\//.test(key));
  const [before, present] = [await claims(), await lab().present()];
  for (const [words, code] of [
    [["network", "create", "--dry-run", "--driver", "overlay", "--subnet", "10.9.0.0/16", "new"], 0],
    [["run", "--dry-run", "-d", "--net", "web", "--ip", "10.5.200.9", "busybox", "true"], 0],
    [["rm", "--dry-run", "-f", "c1"], 0],
    [["network", "update", "--dry-run", "--label", "a=b", "web"], 0],
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
  await lab().etcd.ctl("put", "/tsd/newer/version", '{"version":3}');
  await expectRefusals(joinRefusals(lab().etcd.urls).map((row) => ({ on: 2, ...row })));
  await lab().etcd.ctl("del", "/tsd/newer/version");
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
  await overlay("near", "-o", "mode=hostgw", "--ipv4=false", "--subnet", "fd00:6::/64");
  for (const number of [1, 2]) await run(number, `c${number}`, "--net", "near", "-p", "8080:80");
  const [near = ""] = await addressesOf(2, "c2", "near");
  await reaches(await lab().host(1).insideOf("c1"), [near]);
  await (await lab().host(1).insideOf("c1")).mustRun([
    "ping",
    "-q",
    "-c",
    "1",
    "-W",
    "2",
    "-M",
    "do",
    "-s",
    "1452",
    near,
  ]);
  const server = await serveEcho(await lab().host(2).insideOf("c2"), { protocol: "tcp", address: "::", port: 80 });
  const request = { protocol: "tcp", address: address6Of(2), port: 8080 } as const;
  expect(await askEcho(lab().outside, request)).toBe(address6Of(outsideNumber));
  await server.close();
  for (const number of [1, 2]) await tsd(number, "rm", "-f", `c${number}`);
  await eventually(() => tsd(2, "network", "rm", "near"));
  for (const number of numbers) await tsd(number, "cluster", "leave");
});
