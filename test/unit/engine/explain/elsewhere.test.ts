import { describe, expect, test } from "@jest/globals";
import type { Peer } from "../../../../src/api/index.js";
import { Landscape } from "../../../../src/engine/explain/landscape.js";
import { callerElsewhere } from "../../../../src/engine/explain/named-elsewhere.js";
import { trace } from "../../../../src/engine/explain/trace.js";
import { bridge, peers, spanFacts, tunnel, type World } from "./span-facts.js";

function callFrom(
  from: "web" | "host" | "outside" | "db",
  destination: string,
  world: World & { readonly isPing?: boolean } = {},
) {
  const scene = new Landscape(spanFacts(world));
  const rows = scene.facts.endpoints;
  const { steps, verdict } = trace(
    scene,
    from === "web"
      ? { kind: "namespace", name: "container web", handle: "web", netns: "/run/tsd/netns/web", rows }
      : (callerElsewhere(scene, from) ?? { kind: from as "host" | "outside", name: from }),
    world.isPing ? { protocol: "ping", destination } : { protocol: "tcp", destination, port: 80 },
  );
  return { places: steps.map(({ place }) => place), steps, verdict };
}

describe("a packet for a container on another host", () => {
  test("goes by the bridge and the tunnel to that host, under its own address", () => {
    const { places, steps, verdict } = callFrom("web", "10.70.0.70");
    expect(places).toEqual([
      ...["container web", `bridge ${bridge}`, "forward", "postrouting", `tunnel ${tunnel}`, "host b"],
    ]);
    expect(verdict).toMatchObject({
      ...{ reaches: true, server: "container db on host b", at: "10.70.0.70:80", seenAs: "10.70.0.5" },
      why: 'network "span" is on other hosts too',
      hint: "What host b makes of it: tsd explain there",
    });
    const crossing = steps.at(-2);
    expect(crossing?.what).toBe("sends it to host b at 192.0.2.9, in VXLAN segment 4097 to UDP port 4789");
    expect(crossing?.needs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "fdb", remote: "192.0.2.9" }),
        expect.objectContaining({ kind: "route", destination: "10.70.0.64/26" }),
      ]),
    );
    expect(steps.find(({ place }) => place === "forward")?.effect).toMatchObject({ aspect: "trunk" });
  });

  test("is encrypted on its way where the network is", () => {
    const known = peers.map((peer): Peer => {
      return peer.kind === "host"
        ? { ...peer, wireguard: { publicKey: `${"k".repeat(42)}A=`, port: 51_821 } }
        : { ...peer, hostMac: "02:00:00:00:00:09" };
    });
    const { places, steps } = callFrom("web", "10.70.0.70", { options: { encrypted: "true" }, known });
    expect(places.slice(-3)).toEqual([`tunnel ${tunnel}`, "link wg-777777777777", "host b"]);
    expect(steps.slice(-3, -1).map(({ what }) => what)).toEqual([
      "sends it to host b, in VXLAN segment 4097 to UDP port 4789",
      "encrypts it (WireGuard) for host b at 192.0.2.9, to UDP port 51821",
    ]);
    expect(steps.at(-2)?.needs?.map(({ kind }) => kind)).toEqual(["link", "wireguard", "address", "wireguard peer"]);
  });

  test.each<[string, World]>([
    ["an internal network", { internal: true }],
    ["one with icc=false, whose other host decides", { options: { icc: "false" } }],
  ])("goes there on %s", (_, world) => {
    expect(callFrom("web", "10.70.0.66", world).verdict).toMatchObject({ reaches: true, server: "host b" });
  });

  test("goes by the bridge alone where the tunnel is a port of it", () => {
    const { places } = callFrom("web", "10.70.0.70", { options: { mode: "l2" } });
    expect(places).toEqual(["container web", `bridge ${bridge}`, `tunnel ${tunnel}`, "host b"]);
  });

  test("goes as it is and under its own address where there is no tunnel", () => {
    const options = { mode: "hostgw" };
    for (const internal of [false, true]) {
      const { places, steps, verdict } = callFrom("web", "10.70.0.70", { options, internal });
      expect(places).toEqual(["container web", `bridge ${bridge}`, "forward", "postrouting", "host", "host b"]);
      expect(verdict).toMatchObject({ reaches: true, seenAs: "10.70.0.5", host: "b" });
      expect(steps.at(-2)?.what).toBe("sends it to host b at 192.0.2.9 as it is");
      expect(steps.at(-2)?.crossing).not.toHaveProperty("tunnel");
    }
  });

  test("goes from the host by the address that it has in the tunnel", () => {
    expect(callFrom("host", "10.70.0.66").verdict).toMatchObject({ reaches: true, seenAs: "10.70.0.2" });
  });

  test("does not come in from another machine to leave for another host", () => {
    expect(callFrom("outside", "10.70.0.66").verdict).toMatchObject({
      ...{ reaches: false, why: 'network "span" lets nobody in from elsewhere but to what is published' },
    });
  });

  test.each<[string, World, string]>([
    ["no host is known to have the address", { known: [] }, 'no host of network "span" is known to have 10.70.0.66'],
    [
      "the host has no route to the other",
      { machine: { routeTo: () => undefined } },
      "this host has no route to host b at 192.0.2.9",
    ],
  ])("ends where %s", (_, world, why) => {
    expect(callFrom("web", "10.70.0.66", world).verdict).toMatchObject({ reaches: false, why });
  });
});

describe("a packet from a container on another host", () => {
  test.each<[string, World, readonly string[]]>([
    ["routed", {}, [`tunnel ${tunnel}`, "forward", "postrouting", "container web"]],
    ["routed, internal", { internal: true }, [`tunnel ${tunnel}`, "forward", "postrouting", "container web"]],
    ["l2", { options: { mode: "l2" } }, [`tunnel ${tunnel}`, "container web"]],
    ["hostgw", { options: { mode: "hostgw" } }, ["host", "forward", "postrouting", "container web"]],
    [
      "hostgw, internal",
      { options: { mode: "hostgw" }, internal: true },
      ["host", "forward", "postrouting", "container web"],
    ],
  ])("comes to its neighbour by mode %s", (_, world, places) => {
    const found = callFrom("db", "10.70.0.5", world);
    expect(found.places).toEqual(["container db on host b", ...places]);
    expect(found.verdict).toMatchObject({ reaches: true, server: "container web", seenAs: "10.70.0.70" });
    expect(found.verdict).not.toHaveProperty("host");
  });

  test.each(["routed", "l2", "hostgw"])("is kept from it by icc=false in mode %s", (mode) => {
    expect(callFrom("db", "10.70.0.5", { options: { mode, icc: "false" } }).verdict).toMatchObject({
      ...{ reaches: false, why: 'network "span" keeps neighbours apart (icc=false), and no link opens this' },
    });
  });

  test.each<[string, string, boolean, boolean]>([
    ["a ping of the host's own address there", "10.70.0.2", true, true],
    ["a call of it", "10.70.0.2", false, false],
    ["a ping of another address of the host", "192.0.2.1", true, false],
    ["a call of another machine", "192.0.2.77", false, false],
    ["a call of nobody", "10.70.0.9", false, false],
  ])("%s: %s", (_, destination, isPing, reaches) => {
    const { verdict } = callFrom("db", destination, { isPing });
    expect(verdict.reaches).toBe(reaches);
    if (!reaches) expect(verdict.why).toMatch(/what other hosts send on network "span" reaches .* alone/);
  });
});
