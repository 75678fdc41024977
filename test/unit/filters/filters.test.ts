import { describe, expect, test } from "@jest/globals";
import type { ContainerDetails, Image, Network, Tsd } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { containerFilters } from "../../../src/filters/container-filters.js";
import { makeFilter } from "../../../src/filters/filters.js";
import { imageFilters } from "../../../src/filters/image-filters.js";
import { networkFilters } from "../../../src/filters/network-filters.js";
import { pruneFilter } from "../../../src/filters/prune-filters.js";
import { makeContainer, makeDetails, makeImage, makeNetwork, makeNetworkDetails, now } from "../presenters/samples.js";

const image = makeImage();

const containers: Readonly<Record<string, ContainerDetails>> = {
  web: {
    ...makeDetails(
      {
        ...{ name: "web", created: "2026-01-02T03:00:00Z", imageId: image.id, layers: image.layers },
        spec: {
          image: "busybox",
          expose: ["9000-9002/udp"],
          labels: { tier: "front", a: "" },
        },
        health: { status: "healthy", failingStreak: 0, log: [] },
      },
      { ports: [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 2 }] },
    ),
    mounts: [{ type: "volume", name: "cache", source: "/v/cache", target: "/cache", readOnly: false }],
  },
  web2: makeDetails({
    ...{ name: "web2", id: "d2".repeat(32), created: "2026-01-02T03:01:00Z", imageId: "other" },
    layers: [...image.layers, "more"],
    spec: { image: "built", labels: { tier: "back" } },
    paused: true,
  }),
  old: {
    container: makeContainer({
      ...{ name: "old", id: "e3".repeat(32), created: "2026-01-02T03:02:00Z", status: "exited", exitCode: 3 },
      ...{
        imageId: "none",
        layers: [],
        spec: { image: "x" },
      },
    }),
    mounts: [{ type: "bind", source: "/srv", target: "/data", readOnly: false }],
    endpoints: [],
    configured: [{ network: "back", networkId: "b4b4", attachment: { network: "back" } }],
  },
};

const networks: readonly Network[] = [
  makeNetwork({ labels: { tier: "front" } }),
  makeNetwork({ name: "lan", id: "b2".repeat(32), driver: "macvlan", created: "2026-01-01T00:00:00Z" }),
  makeNetwork({ name: "host", id: "c3".repeat(32), driver: "host" }),
];

function find<T>(found: T | undefined, what: string): T {
  if (found !== undefined) return found;
  throw new TsdError({ kind: "not-found", code: "TSD_TEST", message: `no ${what}` });
}

const tsd = {
  containers: { inspect: (ref: string) => find(containers[ref], ref) },
  images: { get: (ref: string) => find(ref === "busybox" ? image : undefined, ref) },
  networks: {
    inspect: (id: string) => makeNetworkDetails(id.startsWith("a1") ? [{ endpoint: {} as never }] : []),
  },
} as unknown as Tsd;

describe("containers", () => {
  test.each([
    [[], "web web2 old"],
    [["name=web"], "web web2"],
    [["name=^web$"], "web"],
    [["name=^/web$"], "web"],
    [["name=(?i)^WEB"], "web web2"],
    [["name=w[eE]b[0-9]"], "web2"],
    [["Name = old"], "old"],
    [["name=^web$", "name=old"], "web old"],
    [["id=c1c1"], "web"],
    [["label=tier"], "web web2"],
    [["label=tier=front", "label=a"], "web"],
    [["label=tier=front", "label=tier=back"], ""],
    [["label=toString"], ""],
    [["label!=tier=front"], "web2 old"],
    [["label!=tier", "label!=a"], "old"],
    [["status=exited"], "old"],
    [["status=paused"], "web2"],
    [["status=running"], "web web2"],
    [["status=dead"], ""],
    [["exited=3"], "old"],
    [["exited=0"], ""],
    [["ancestor=busybox"], "web web2"],
    [["ancestor=nothing"], ""],
    [["before=web2"], "web"],
    [["since=web"], "web2 old"],
    [["volume=cache"], "web"],
    [["volume=/data"], "old"],
    [["network=web"], "web web2"],
    [["network=back"], "old"],
    [["publish=81"], "web"],
    [["publish=8080"], ""],
    [["publish=70-90/tcp"], "web"],
    [["publish=80/udp"], ""],
    [["expose=9001/udp"], "web"],
    [["health=healthy"], "web"],
    [["health=none"], "web2 old"],
    [["is-task=true"], ""],
    [["is-task=false", "name=old"], "old"],
  ])("%j", (filters, names) => {
    const found = Object.values(containers).filter(makeFilter(filters, containerFilters, tsd));
    expect(found.map(({ container }) => container.name).join(" ")).toBe(names);
  });
});

describe("networks", () => {
  test("of a cluster are global, as they are shown", () => {
    const spread = { ...makeNetwork(), cluster: {} as never };
    expect(["local", "global"].map((scope) => makeFilter([`scope=${scope}`], networkFilters, tsd)(spread))).toEqual([
      false,
      true,
    ]);
  });

  test.each([
    [["name=^w"], "web"],
    [["driver=macvlan"], "lan"],
    [["driver=mac"], ""],
    [["id=^b2"], "lan"],
    [["label=tier=front"], "web"],
    [["scope=local"], "web lan host"],
    [["scope=swarm"], ""],
    [["type=custom"], "web lan"],
    [["type=builtin"], "host"],
    [["dangling=true"], "lan"],
    [["dangling=0"], "web host"],
  ])("%j", (filters, names) => {
    expect(
      networks
        .filter(makeFilter(filters, networkFilters, tsd))
        .map(({ name }) => name)
        .join(" "),
    ).toBe(names);
  });

  test.each([
    [["until=24h"], "lan"],
    [["until=2026-01-01T12:00:00Z"], "lan"],
    [["until=1s", "label!=tier"], "lan host"],
  ])("to be removed, %j", (filters, names) => {
    expect(
      networks
        .filter(pruneFilter(filters, now))
        .map(({ name }) => name)
        .join(" "),
    ).toBe(names);
  });
});

describe("images", () => {
  const images: readonly Image[] = [
    makeImage({ names: ["busybox:latest", "busybox:1.36"], created: "2026-01-01T00:00:00Z" }),
    makeImage({ names: ["docker.io/acme/web:2"] }),
    makeImage({ names: [], config: { ...image.config, labels: { tier: "front" } } }),
  ];

  test.each([
    [["reference=busybox"], "1"],
    [["reference=busy*:1.*"], "1"],
    [["reference=*/web"], "2"],
    [["reference=acme/w?b:2"], "2"],
    [["reference=*"], "1"],
    [["reference=[ab]usybox"], "1"],
    [["reference=["], ""],
    [["dangling=true"], "3"],
    [["label=tier"], "3"],
    [["until=24h"], "1"],
    [["since=busybox"], ""],
    [["before=busybox"], "1"],
  ])("%j", (filters, numbers) => {
    const matches = makeFilter(filters, imageFilters, { images: tsd.images, now });
    expect(images.flatMap((one, at) => (matches(one) ? [at + 1] : [])).join(" ")).toBe(numbers);
  });
});

describe("a value that no key knows is refused, with what may stand there", () => {
  test.each([
    ["size=3", 'there is no filter "size"', "before"],
    ["name", 'the filter "name" has no value', "name"],
    ["name=[", 'the filter name="[" is not a regular expression', "name=^web$"],
    ["status=foo", 'the filter status="foo" is not one of created, restarting, running', "status=created"],
    ["health=ill", 'the filter health="ill" is not one of starting, healthy', "health=starting"],
    ["exited=x", 'the filter exited="x" is not a number', "exited=0"],
    ["publish=99999", 'the filter publish="99999" is not a port', "publish=80"],
    ["is-task=maybe", 'the filter is-task="maybe" is not true or false', "is-task=true"],
  ])("%s", (filter, message, hint) => {
    expect(() => makeFilter([filter], containerFilters, tsd)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
    );
  });

  test("a container to compare with must exist", () => {
    expect(() => makeFilter(["before=none"], containerFilters, tsd)).toThrow("no none");
  });
});
