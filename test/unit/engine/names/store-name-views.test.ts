import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { hostsFile } from "../../../../src/engine/sandbox/hosts-file.js";
import { type Living, Scene } from "./scene.js";

const subnet = (cidr: string, gateway: string) => ({ subnets: [{ cidr, gateway }] });

/** Two networks with a "db" each, and a default one. */
function twoNetworks(): Scene {
  const scene = new Scene();
  scene.network("bridge", subnet("10.0.0.0/24", "10.0.0.1"));
  scene.network("Front", subnet("10.1.0.0/24", "10.1.0.1"));
  scene.network("back", subnet("10.2.0.0/24", "10.2.0.1"));
  scene.container({
    name: "db1",
    on: [{ network: "Front", addresses: ["10.1.0.2/24"], aliases: ["db", "DB.Example"] }],
  });
  scene.container({ name: "db2", on: [{ network: "back", addresses: ["10.2.0.2/24"], aliases: ["db"] }] });
  return scene;
}

describe("a name means", () => {
  test.each<[string, string, ReturnType<Scene["meaning"]>]>([
    ["a container of its network", "db1", ["10.1.0.2"]],
    ["a container by its short id", "c4c000000000", ["10.1.0.2"]],
    ["no container by its full id, which has 64 letters", "c4c".padEnd(64, "0"), "unknown"],
    ["an alias there, and not of another network", "db", ["10.1.0.2"]],
    ["an alias with dots, in any case", "db.example", ["10.1.0.2"]],
    ["a container behind its network's name", "db1.front", ["10.1.0.2"]],
    ["an alias likewise", "db.front", ["10.1.0.2"]],
    ["itself", "web", ["10.1.0.9"]],
    ["itself behind the network's name", "web.front", ["10.1.0.9"]],
    ["itself by its host's name", "www.example.org", ["10.1.0.9"]],
    ["a line of its sandbox", "outside", ["192.0.2.9"]],
    ["the host", "host.docker.internal", ["10.1.0.1"]],
    ["the host, in podman's word", "host.containers.internal", ["10.1.0.1"]],
    ["the gateway", "gateway", ["10.1.0.1"]],
    ["its own loopback", "localhost", ["127.0.0.1", "::1"]],
    ["a name of its own loopback", "app.localhost", ["127.0.0.1", "::1"]],
    ["nothing where no container has it", "db2", "unknown"],
    ["nothing behind the name of its network", "db2.front", "unknown"],
    ["nothing in a domain of engines", "kubernetes.docker.internal", "unknown"],
    ["nothing in a reserved domain", "example.invalid", "unknown"],
    ["the world's behind the name of another network", "db2.back", "foreign"],
    ["the world's in two words before its network", "www.example.front", "foreign"],
    ["the world's", "www.example.net", "foreign"],
    ["the world's at the root", "", "foreign"],
  ])("%s: %s", (_, name, expected) => {
    using scene = twoNetworks();
    const web = scene.container({
      name: "web",
      spec: { hostname: "www.example.org" },
      hosts: ["192.0.2.9\toutside"],
      on: [{ network: "Front", addresses: ["10.1.0.9/24"] }],
    });
    expect(scene.meaning(web, name)).toEqual(expected);
  });

  test("both where two networks have it, that of the better default route first, and one where the network is named", () => {
    using scene = twoNetworks();
    const web = scene.container({
      name: "web",
      on: [
        { network: "back", addresses: ["10.2.0.9/24"], metric: 2 },
        { network: "Front", addresses: ["10.1.0.9/24"], metric: 1 },
      ],
    });
    expect(scene.meaning(web, "db")).toEqual(["10.1.0.2", "10.2.0.2"]);
    expect(scene.meaning(web, "db.back")).toEqual(["10.2.0.2"]);
    expect(scene.meaning(web, "db.front")).toEqual(["10.1.0.2"]);
    expect(scene.meaning(web, "web")).toEqual(["10.1.0.9", "10.2.0.9"]);
  });

  test("all containers that have the alias, itself among them", () => {
    using scene = twoNetworks();
    const on = (address: string) => [{ network: "back", addresses: [address], aliases: ["app", "db"] }];
    const one = scene.container({ name: "one", on: on("10.2.0.3/24") });
    scene.container({ name: "two", on: on("10.2.0.4/24") });
    expect(scene.meaning(one, "app")).toEqual(["10.2.0.3", "10.2.0.4"]);
    expect(scene.meaning(one, "db")).toEqual(["10.2.0.3", "10.2.0.2", "10.2.0.4"]);
  });

  test("a link before a neighbour, on the default network links alone", () => {
    using scene = twoNetworks();
    const far = scene.container({ name: "far", on: [{ network: "bridge", addresses: ["10.0.0.2/24"] }] });
    scene.container({ name: "other", on: [{ network: "bridge", addresses: ["10.0.0.3/24"] }] });
    const web = scene.container({
      name: "web",
      spec: { links: ["far:db"] },
      on: ["bridge", "back"].map((network, at) => ({ network, addresses: [`10.${at * 2}.0.9/24`] })),
    });
    expect(scene.meaning(web, "db")).toEqual(["10.0.0.2"]);
    expect(scene.meaning(web, "db.back")).toEqual(["10.2.0.2"]);
    expect(scene.meaning(web, "db.bridge")).toEqual(["10.0.0.2"]);
    expect(scene.meaning(web, "other")).toBe("unknown");
    scene.become(far, "stopping");
    expect(scene.meaning(web, "db")).toEqual(["10.2.0.2"]);
  });

  test("addresses of families that its container speaks, and none for a neighbour with others alone", () => {
    using scene = new Scene();
    scene.network("dual");
    scene.container({ name: "db", on: [{ network: "dual", addresses: ["10.1.0.2/24", "fd00::2/64"] }] });
    scene.container({ name: "new", on: [{ network: "dual", addresses: ["fd00::3/64"] }] });
    scene.container({ name: "late", on: [{ network: "dual", addresses: [] }] });
    const both = scene.container({ name: "both", on: [{ network: "dual", addresses: ["10.1.0.8/24", "fd00::8/64"] }] });
    const old = scene.container({ name: "old", on: [{ network: "dual", addresses: ["10.1.0.9/24"] }] });
    expect(scene.meaning(both, "db")).toEqual(["10.1.0.2", "fd00::2"]);
    expect(scene.meaning(old, "db")).toEqual(["10.1.0.2"]);
    expect([scene.meaning(both, "new"), scene.meaning(old, "new"), scene.meaning(old, "late")]).toEqual([
      ["fd00::3"],
      [],
      [],
    ]);
  });
});

describe("an address has", () => {
  test("the name of its container and network, or of a line of the sandbox", () => {
    using scene = twoNetworks();
    const on = [{ network: "Front", addresses: ["10.1.0.9/24", "fd00::9/64"] }];
    const web = scene.container({ name: "web", on, hosts: ["192.0.2.9\toutside"] });
    const view = scene.views.of(web.container.sandbox?.netns ?? "");
    const named = ["10.1.0.2", "10.1.0.9", "fd00:0:0:0:0:0:0:9", "127.0.0.1", "0:0:0:0:0:0:0:1", "192.0.2.9"];
    expect(named.map((address) => view?.nameOf(address))).toEqual([
      ...["db1.Front", "web.Front", "web.Front", "localhost", "localhost", "outside"],
    ]);
    expect(["10.2.0.2", "10.1.0.77", "10.1.0.1"].map((address) => view?.nameOf(address))).toEqual(
      Array(3).fill(undefined),
    );
  });
});

describe("a change counts at the next question", () => {
  test("for who comes and goes, is about to run, stops, moves, and joins another network", () => {
    using scene = twoNetworks();
    const web = scene.container({ name: "web", on: [{ network: "back", addresses: ["10.2.0.9/24"] }] });
    expect(scene.meaning(web, "new")).toBe("unknown");
    const on = [{ network: "back", addresses: ["10.2.0.5/24"] }];
    const fresh = scene.container({ name: "new", on, status: "starting" });
    expect(scene.meaning(web, "new")).toEqual(["10.2.0.5"]);
    scene.become(fresh, "running");
    expect(scene.meaning(web, "new")).toEqual(["10.2.0.5"]);
    const [endpoint] = scene.writer.endpoints.ofContainer(fresh.id);
    if (endpoint === undefined) throw new Error("it has an endpoint");
    const moved = { ...endpoint, endpoint: { ...endpoint.endpoint, addresses: ["10.2.0.6/24"] } };
    scene.writer.transaction(() => scene.writer.endpoints.update(moved));
    expect(scene.meaning(web, "new")).toEqual(["10.2.0.6"]);
    scene.become(fresh, "stopping");
    expect([scene.meaning(web, "new"), scene.meaning(fresh, "web")]).toEqual(["unknown", "no view"]);
    expect(scene.meaning(web, "db1")).toBe("unknown");
    scene.place(web, { network: "Front", addresses: ["10.1.0.9/24"] });
    expect(scene.meaning(web, "db1")).toEqual(["10.1.0.2"]);
    scene.become(web, "exited");
    expect(scene.meaning(web, "web")).toBe("no view");
  });

  test("for a namespace that another container takes over", () => {
    using scene = twoNetworks();
    const on = [{ network: "back", addresses: ["10.2.0.9/24"] }];
    const maker = scene.container({ name: "maker", on, spec: { dns: ["192.0.2.1"] } });
    const client = scene.container({ name: "client", on: [{ network: "back", addresses: ["10.2.0.8/24"] }] });
    const netns = maker.container.sandbox?.netns ?? "";
    expect([scene.meaning(client, "maker"), scene.views.of(netns)?.upstream()]).toEqual([["10.2.0.9"], ["192.0.2.1"]]);
    const heir = scene.container({ name: "heir", on: [] });
    const { sandbox } = maker.container;
    scene.writer.transaction(() => {
      const { containers, endpoints } = scene.writer;
      containers.update({ ...maker, resources: [], container: { ...maker.container, status: "exited" } });
      const own = { ...heir.container, ...(sandbox === undefined ? {} : { sandbox }) };
      containers.update({ ...heir, resources: [{ kind: "resolver", netns }], container: own });
      for (const row of endpoints.ofContainer(maker.id)) endpoints.update({ ...row, containerId: heir.id });
    });
    expect([scene.meaning(client, "maker"), scene.meaning(client, "heir")]).toEqual(["unknown", ["10.2.0.9"]]);
    expect(scene.views.of(netns)?.meaning("heir")).toEqual({ kind: "known", addresses: ["10.2.0.9"] });
    expect(scene.views.of(netns)?.upstream()).toEqual(["192.0.2.1"]);
  });

  test("and the resolver listens where a container that lives lists one", () => {
    using scene = twoNetworks();
    const web = scene.container({ name: "web", on: [{ network: "back", addresses: ["10.2.0.9/24"] }] });
    expect(scene.views.namespaces()).toHaveLength(3);
    expect(scene.views.namespaces()).toContain(web.container.sandbox?.netns);
    scene.become(web, "stopping");
    expect(scene.views.namespaces()).toHaveLength(2);
    const { container, ...rest } = scene.container({ name: "plain", on: [] });
    scene.writer.transaction(() => scene.writer.containers.update({ ...rest, container, resources: [] }));
    expect([scene.views.namespaces().length, scene.views.of(container.sandbox?.netns ?? "")]).toEqual([2, undefined]);
  });
});

describe("other names are asked of", () => {
  const [plain, inner] = [{}, { internal: true }];
  test.each([
    ["the host's resolvers", [plain], undefined, ["127.0.0.53"]],
    [
      "those of its networks before",
      [{ dns: ["192.0.2.1"] }, { dns: ["192.0.2.2", "192.0.2.1"] }],
      undefined,
      ["192.0.2.1", "192.0.2.2"],
    ],
    ["those that it names before all", [{ dns: ["192.0.2.1"] }], ["192.0.2.7"], ["192.0.2.7"]],
    ["nobody on internal networks", [inner, { ...inner, dns: ["192.0.2.1"] }], ["192.0.2.7"], []],
    ["the host's resolvers where one network is not internal", [inner, plain], undefined, ["127.0.0.53"]],
  ])("%s", (_, networks, dns, expected) => {
    using scene = new Scene();
    for (const [at, changes] of networks.entries()) scene.network(`n${at}`, changes);
    const on = networks.map((_network, at) => ({ network: `n${at}`, addresses: [`10.${at}.0.2/24`] }));
    const web = scene.container({ name: "web", on, spec: dns === undefined ? {} : { dns } });
    expect(scene.views.of(web.container.sandbox?.netns ?? "")?.upstream()).toEqual(expected);
  });
});

describe("what is read", () => {
  test("is nothing without a change, one text a network after one elsewhere, and only the new container after one here", () => {
    using scene = new Scene();
    scene.network("back");
    scene.network("far");
    const living = (network: string, at: number): Living => ({
      name: `${network}${at}`,
      on: [{ network, addresses: [`10.1.0.${at}/24`] }],
    });
    const [web] = Array.from({ length: 40 }, (_, at) => scene.container(living("back", at)));
    if (web === undefined) throw new Error("there is one");
    scene.meaning(web, "back3");
    const read: string[] = [];
    const { connection } = scene.reader;
    for (const verb of ["get", "all"] as const) {
      const original = connection[verb].bind(connection) as (...values: readonly string[]) => unknown;
      Object.assign(connection, {
        [verb]: (sql: string, ...values: readonly string[]) => {
          read.push(sql.replace(/\s+/g, " "));
          return original(sql, ...values);
        },
      });
    }
    for (let at = 0; at < 100; at++) scene.meaning(web, "back3");
    expect([...new Set(read.splice(0))]).toEqual(["PRAGMA data_version"]);
    scene.container(living("far", 41));
    expect(scene.meaning(web, "back3")).toEqual(["10.1.0.3"]);
    expect(read.splice(0).filter((sql) => !sql.startsWith("PRAGMA"))).toEqual([
      expect.stringMatching(/group_concat.* endpoints\.netns = \?/),
      expect.stringMatching(/^SELECT value FROM networks WHERE id/),
      expect.stringMatching(/group_concat.* endpoints\.network_id = \?/),
    ]);
    scene.container(living("back", 42));
    expect(scene.meaning(web, "back42")).toEqual(["10.1.0.42"]);
    expect(read.filter((sql) => sql.startsWith("SELECT outline"))).toHaveLength(1);
  });
});

test("whatever is where, each name of /etc/hosts has in the view the addresses that it has there", () => {
  const network = fc.constantFrom("bridge", "n1", "n2", "n3");
  const word = fc.constantFrom("a", "b", "C", "a.b", "n1", "gateway", "localhost");
  const placed = fc.record({ network, aliases: fc.array(word, { maxLength: 2 }), has6: fc.boolean() });
  const living = fc.record({
    on: fc.uniqueArray(placed, { minLength: 1, maxLength: 4, selector: (one) => one.network }),
    hostname: fc.option(word, { nil: undefined }),
    added: fc.array(word, { maxLength: 1 }),
    links: fc.array(fc.nat({ max: 4 }), { maxLength: 1 }),
    status: fc.constantFrom("starting", "running", "stopping", "exited"),
  });
  fc.assert(
    fc.property(fc.array(living, { minLength: 1, maxLength: 5 }), (all) => {
      using scene = new Scene();
      for (const name of ["bridge", "n1", "n2", "n3"]) scene.network(name);
      const rows = all.map(({ on, hostname, added, links, status }, at) =>
        scene.container({
          name: `c${at}`,
          status,
          hosts: added.map((name) => `192.0.2.${at}\t${name}`),
          spec: {
            ...(hostname === undefined ? {} : { hostname }),
            links: links.map((other) => `c${other}:l${other}`),
          },
          on: on.map(({ network: called, aliases, has6 }, net) => ({
            network: called,
            aliases,
            addresses: [`10.${net}.0.${at + 2}/24`, ...(has6 ? [`fd00:${net}::${at + 2}/64`] : [])],
          })),
        }),
      );
      for (const row of rows.filter(({ container: { status } }) => status === "starting" || status === "running")) {
        const lines = hostsFile(scene.reader, row.id)?.content.trimEnd().split("\n") ?? [];
        for (const line of lines) {
          const [address, ...names] = line.replace(/#.*/, "").split(/\s+/).filter(Boolean);
          // A name of the sandbox's own lines, or of a link, beats others, as it does in the file for most programs.
          const beats = (name: string) =>
            lines.some((one) => one !== line && one.toLowerCase().split(/\s+/).includes(name));
          for (const name of names.map((one) => one.toLowerCase())) {
            const meaning = scene.meaning(row, name);
            if (beats(name)) expect(meaning).toEqual(expect.arrayContaining([expect.any(String)]));
            else expect(meaning).toEqual(expect.arrayContaining([address]));
          }
        }
      }
    }),
    { numRuns: 30 },
  );
});
