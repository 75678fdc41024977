import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { driftLines } from "../../../../src/presenters/drift-lines.js";
import { plain } from "../../../../src/presenters/look.js";
import { formatFor, mapFormats } from "../../../../src/presenters/map/map-formats.js";
import { networkHue } from "../../../../src/presenters/map/network-hue.js";
import { publishedPorts, publishedRow } from "../../../../src/presenters/map/published-ports.js";
import { clusterMap, crowd, networkIdOf, oddMap, sampleMap } from "../../../support/map/sample-map.js";
import { expectFile, goldenPath } from "../../nat/golden-cases.js";

const { svg, dot, mermaid, tree } = mapFormats;

test("docs/map.svg is the picture of a host with something of everything", () => {
  expectFile("docs/map.svg", svg.render(sampleMap));
});

test.each(["dot", "mermaid", "tree"] as const)("the same host as %s", (name) => {
  expectFile(goldenPath(`map.${name}`), mapFormats[name].render(sampleMap, plain));
});

test("containers of other hosts are marked with their host in each form, and many by their number", () => {
  const many = { ...clusterMap, stacks: [...clusterMap.stacks, ...crowd(14).stacks] };
  for (const { render } of Object.values(mapFormats)) {
    for (const map of [clusterMap, many]) {
      const text = render(map, plain);
      for (const word of [
        "db",
        "on lab-8",
        "10.10.0.66",
        "40 containers",
        "on lab-10",
        "900 containers",
        "on 30 more hosts",
      ])
        expect(text).toContain(word);
      expect(text).not.toContain("namespace");
    }
  }
  for (const mark of ["<b>", `lab"9`]) expect(svg.render(clusterMap)).not.toContain(mark);
  expect(dot.render(clusterMap)).toContain(`lab\\"9<'`);
  expect(mermaid.render(clusterMap)).not.toContain("<b>");
  expect(tree.render(clusterMap, plain)).toMatch(
    /^├─ back .*\n│ {2}├─ 40 containers {2}on lab-10\n│ {2}└─ 900 containers {2}on 30 more hosts$/m,
  );
  expect(publishedPorts(clusterMap)).toEqual([]);
});

test("above twelve containers the lanes of a picture are vertical, so that only its height grows", () => {
  const [, , width = "", height = ""] =
    /viewBox="(\d+) (\d+) ([\d.]+) ([\d.]+)"/.exec(svg.render(crowd(60)))?.slice(1) ?? [];
  const [, , less = ""] = /viewBox="(\d+) (\d+) ([\d.]+)/.exec(svg.render(crowd(13)))?.slice(1) ?? [];
  expect(Number(width)).toBeLessThan(Number(less) * 1.2);
  expect(Number(height)).toBeGreaterThan(60 * 20);
});

test("a network keeps its colour when others go, and when it is renamed", () => {
  const fewer = { ...sampleMap, networks: sampleMap.networks.slice(2), stacks: [] };
  const hueIn = (map: typeof sampleMap, id: string) =>
    new RegExp(`data-network="${id}" data-hue="(\\d+)"`).exec(svg.render(map))?.[1];
  for (const { id } of fewer.networks) expect(hueIn(fewer, id)).toBe(hueIn(sampleMap, id));
  expect(hueIn(sampleMap, networkIdOf("web"))).toBe(String(networkHue(networkIdOf("web"))));
});

describe("what is drawn", () => {
  test("drift and containers that do not run are in each form", () => {
    for (const { render } of Object.values(mapFormats)) {
      const text = render(sampleMap, plain);
      expect(text).toMatch(/drift/);
      expect(text).toMatch(/exited/);
      expect(text).toMatch(/sidecar/);
      expect(text).toMatch(/host's network|host&#39;s network|host#39;s network/);
    }
  });

  test("names are text: none begins an element, a statement or a sequence of the terminal's", () => {
    const drawn = svg.render(oddMap);
    for (const mark of ["<script", "\u0007", "\u202e"]) expect(drawn).not.toContain(mark);
    expect(
      drawn.match(/<(?!\/)[a-z]+/g)?.filter((name) => !/^<(svg|style|rect|g|title|path|circle|text)$/.test(name)),
    ).toEqual([]);
    for (const mark of ["\u0007", "\u202e"]) expect(tree.render(oddMap, plain)).not.toContain(mark);
    expect(mermaid.render(oddMap)).not.toContain("<script");
    expect(
      dot
        .render(oddMap)
        .split("\n")
        .filter((line) => (line.replaceAll(/\\./g, "").split('"').length - 1) % 2 === 1),
    ).toEqual([]);
  });

  test("any name in any place leaves a picture well-formed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 0, max: 14 }), (name, count) => {
        const [stack] = sampleMap.stacks;
        const odd = { ...stack, containers: [{ id: name, name, status: "running" as const }] };
        const map = { ...crowd(count), host: name, networks: sampleMap.networks.map((one) => ({ ...one, name })) };
        const drawn = svg.render({ ...map, stacks: [...map.stacks, odd as (typeof map.stacks)[number]] });
        const opened = drawn.match(/<[a-z]+[^>]*[^/]>/g)?.length;
        expect(drawn.match(/<\/[a-z]+>/g)?.length).toBe(opened);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 allows none of these.
        expect(drawn).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }),
      { numRuns: 60 },
    );
  });

  test("a tree on a terminal is as wide as it at most", () => {
    const look = { paint: plain.paint, width: 40 };
    for (const line of tree.render(oddMap, look).split("\n")) expect([...line].length).toBeLessThanOrEqual(40);
  });
});

test.each([
  ["a.svg", "svg"],
  ["b.gv", "dot"],
  ["c.mmd", "mermaid"],
  ["d.txt", "tree"],
  ["svg", "svg"],
  ["e.png", undefined],
])("the file %s asks for %s", (file, format) => {
  expect(formatFor(file)).toBe(format);
});

describe("published ports", () => {
  const now = Date.parse("2026-01-02T03:06:05Z");

  test("each is listed once an address, in order, with its owner", () => {
    const rows = publishedPorts(sampleMap).map((port) => publishedRow(port, now));
    expect(
      rows.map(({ Host, Protocol, Target, Owner, Network, Since, Status }) =>
        [Host, Protocol, Target, Owner, Network, Since, Status].join(" "),
      ),
    ).toEqual([
      "0.0.0.0:80 tcp 10.10.0.2:80 proxy web 2 minutes ago ok",
      "0.0.0.0:443 tcp 10.10.0.2:8443 proxy web 2 minutes ago ok",
      "0.0.0.0:9090 tcp 172.20.0.2:9090 metrics bridge 2 minutes ago ok",
      "0.0.0.0:30000-30099 udp 172.20.0.2:30000-30099 metrics bridge 2 minutes ago ok",
      "127.0.0.1:6379 tcp 10.20.0.11:6379 cache back 2 minutes ago ok",
    ]);
  });

  test("what differs of one is at that one, and of its endpoint alone", () => {
    const of = { kind: "endpoint", id: "e".repeat(64), name: "proxy" } as const;
    const resource = {
      ...({ kind: "publish", owner: of.id, bridge: "br0", protocol: "tcp", containerAddress: "10.10.0.2" } as const),
      ...{ hostPort: 443, containerPort: 8443, count: 1 },
    };
    const drift = { problem: "missing", of, resource, repairable: true } as const;
    const stacks = sampleMap.stacks.map((stack) =>
      stack.containers[0]?.name === "proxy" ? { ...stack, drifts: [drift] } : stack,
    );
    const drifting = publishedPorts({ ...sampleMap, stacks }).filter((port) => port.drift.length > 0);
    expect(drifting.map((port) => publishedRow(port, now))).toMatchObject([
      { Host: "0.0.0.0:443", Owner: "proxy", Status: "drift: missing" },
    ]);
    expect(driftLines([drift])).toBe("endpoint proxy: published port 443/tcp is missing\n");
  });
});
