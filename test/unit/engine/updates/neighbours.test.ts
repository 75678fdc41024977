import { describe, expect, jest, test } from "@jest/globals";
import type { File } from "../../../../src/api/index.js";
import { SqliteContainerTable } from "../../../../src/store/container-table.js";
import { expectAgreement } from "../../../support/engine/agreement.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

/** Lines of a container's /etc/hosts behind those that every one has, with names in place of ids. */
function hosts(world: World, name: string): readonly string[] {
  const { sandbox } = world.store.containers.resolve(name).container;
  const content = world.kernel.files.content(`${sandbox?.directory}/hosts`) ?? "";
  const ids = world.store.containers
    .list()
    .map(({ id, container }) => [id.slice(0, 12), `${container.name}-id`] as const);
  const named = ids.reduce((text, [id, word]) => text.replaceAll(id, word), content);
  return named.replaceAll("\t# tsd", "").trimEnd().split("\n").slice(2);
}

const run = (process: TsdProcess, name: string, rest: object = {}) =>
  process.containers.runDetached({ image: "busybox", name, hostname: name, networks: [{ network: "n" }], ...rest });

describe("names on a user's network", () => {
  test("come and go with containers, aliases among them", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await run(process, "web", { networks: [{ network: "n", aliases: ["www"] }], domainname: "example.org" });
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb.example.org web www web-id"]);
    await run(process, "db", { addHosts: ["outside:192.0.2.9", "gate:host-gateway"] });
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb.example.org web www web-id", "10.1.0.3\tdb db-id"]);
    expect(hosts(world, "db")).toEqual([
      "192.0.2.9\toutside",
      "10.1.0.1\tgate",
      "10.1.0.3\tdb db-id",
      "10.1.0.2\tweb www web-id web.example.org",
    ]);
    expectAgreement(world);
    await process.containers.remove("web", { force: true });
    expect(hosts(world, "db")).toEqual(["192.0.2.9\toutside", "10.1.0.1\tgate", "10.1.0.3\tdb db-id"]);
    expectAgreement(world);
  });

  test("that several have are left to the resolver, where there is one", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.1/24"], disableDns: true });
    for (const network of ["n", "m"]) {
      const networks = [{ network, aliases: ["many"] }];
      await run(process, `${network}1`, { networks });
      await run(process, `${network}2`, { networks });
      await run(process, `${network}3`, { networks: [{ network }] });
    }
    expect(hosts(world, "n3")).toEqual(["10.1.0.4\tn3 n3-id", "10.1.0.2\tn1 n1-id", "10.1.0.3\tn2 n2-id"]);
    expect(hosts(world, "m3")).toEqual(["10.2.0.4\tm3 m3-id", "10.2.0.2\tm1 many m1-id", "10.2.0.3\tm2 many m2-id"]);
    await process.containers.remove("n1", { force: true });
    expect(hosts(world, "n3")).toEqual(["10.1.0.4\tn3 n3-id", "10.1.0.3\tn2 many n2-id"]);
    expectAgreement(world);
  });

  test("are those of the host of a container too, in full and in short, and its id, unless another is called so", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await run(process, "app", { hostname: "DB.example.org", networks: [{ network: "n", aliases: ["store"] }] });
    expect(hosts(world, "app")).toEqual(["10.1.0.2\tDB.example.org DB app store app-id"]);
    await run(process, "db", { hostname: "store.example.org", domainname: "example.net" });
    expect(hosts(world, "app")[1]).toBe("10.1.0.3\tdb db-id store.example.org.example.net store.example.org");
    expect(hosts(world, "db")).toEqual([
      "10.1.0.3\tstore.example.org.example.net store.example.org store db db-id",
      "10.1.0.2\tapp store app-id DB.example.org",
    ]);
    expectAgreement(world);
  });

  test("lead to the host by its address of each family", async () => {
    using world = new World();
    const process = await world.command();
    await process.networks.create({ name: "n", subnets: ["10.1.0.0/24", "fd00:1::/64"], ipv6: true });
    await run(process, "web", { addHosts: ["gate:host-gateway"] });
    expect(hosts(world, "web").slice(0, 2)).toEqual(["10.1.0.1\tgate", "fd00:1::1\tgate"]);
  });

  test("follow a container that connects and disconnects", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    await run(process, "web");
    await run(process, "db", { networks: [{ network: "m" }] });
    await process.networks.connect("web", { network: "m" });
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb web-id", "10.2.0.3\tweb web-id", "10.2.0.2\tdb db-id"]);
    expect(hosts(world, "db")).toEqual(["10.2.0.2\tdb db-id", "10.2.0.3\tweb web-id"]);
    await process.networks.disconnect("web", "m");
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb web-id"]);
    expect(hosts(world, "db")).toEqual(["10.2.0.2\tdb db-id"]);
    expectAgreement(world);
  });
});

test("who is on a network is read once for all, and again where another command wrote meanwhile", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  for (const name of ["web", "db", "app"]) await run(process, name);
  const outline = jest.spyOn(SqliteContainerTable.prototype, "outline");
  const countReads = (): number => {
    const { id } = world.store.containers.resolve("web");
    return outline.mock.calls.splice(0).filter(([asked]) => asked === id).length;
  };
  try {
    await run(process, "quiet");
    // Once more for its own file, before it joins.
    expect(countReads()).toBe(2);
    let files = 0;
    world.kernel.before = (what) => {
      if (what !== "make file" || ++files !== 5) return;
      const row = world.store.containers.resolve("db");
      world.store.transaction(() =>
        world.store.containers.update({ ...row, container: { ...row.container, name: "other" } }),
      );
    };
    await run(process, "disturbed");
    expect(countReads()).toBe(3);
  } finally {
    outline.mockRestore();
  }
  for (const name of ["web", "app", "quiet", "disturbed"])
    expect(hosts(world, name).join()).toContain("10.1.0.3\tother other-id");
  expectAgreement(world);
});

test.each<[string, (process: TsdProcess) => Promise<unknown>]>([
  ["leaves the last network with names", (process) => process.networks.disconnect("web", "n")],
  ["is removed", (process) => process.containers.remove("web", { force: true })],
])("a resolver that starts while a container %s does not find it", async (_, end) => {
  using world = new World();
  const process = await world.commandOnNetwork();
  await run(process, "web", { networks: [] });
  await process.networks.connect("web", { network: "n" });
  const found: (readonly string[])[] = [world.store.containers.namespacesWithResolver()];
  world.kernel.before = (what) => {
    if (what === "remove resolver") found.push(world.store.containers.namespacesWithResolver());
  };
  await end(process);
  expect(found).toEqual([[expect.any(String)], []]);
});

describe("resolv.conf", () => {
  const resolvers = (world: World, name: string): File => {
    const { resources } = world.store.containers.resolve(name);
    const file = resources.find((one): one is File => one.kind === "file" && one.path.endsWith("/resolv.conf"));
    if (file === undefined) throw new Error(`${name} has one`);
    return file;
  };
  const [host, own] = ["nameserver 192.0.2.53", "nameserver 127.0.0.11"].map((line) => expect.stringContaining(line));

  test("names the resolver on networks with names alone, from a connection on and up to its end", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "bare", subnets: ["10.3.0.0/24"], disableDns: true });
    await run(process, "web", { networks: [], dnsOptions: ["rotate"] });
    await run(process, "plain", { networks: [{ network: "bare" }] });
    await run(process, "db");
    expect(["web", "plain", "db"].map((name) => resolvers(world, name).content)).toEqual([host, host, own]);
    await process.networks.connect("web", { network: "bare" });
    expect(resolvers(world, "web").content).toEqual(host);
    const before = resolvers(world, "web").content;
    await process.networks.connect("web", { network: "n" });
    expect(resolvers(world, "web")).toMatchObject({
      content: "nameserver 127.0.0.11\nsearch example.net\noptions rotate ndots:0\n",
      replaces: [before],
    });
    expectAgreement(world);
    await process.networks.disconnect("web", "n");
    expect(resolvers(world, "web")).toMatchObject({
      content: before,
      replaces: [expect.stringContaining("127.0.0.11")],
    });
    expectAgreement(world);
    expect(process.networks.inspect("bare").hasResolver).toBe(false);
    expect(process.networks.inspect("n").hasResolver).toBe(true);
  });

  test("stays as it is where neighbours come and the host's changes", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await run(process, "web");
    const before = resolvers(world, "web");
    await run(process, "db");
    expect(resolvers(world, "web")).toEqual(before);
  });
});

describe("names of a network", () => {
  test("are those that containers know each other by", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await run(process, "web", { networks: [{ network: "n", aliases: ["www"] }], hostname: "host.example.org" });
    await run(process, "lone", { networks: [] });
    const listed = process.networks.names().map(({ name, addresses, network }) => [name, ...addresses, network.name]);
    const names = ["web", "www", "host.example.org", "host"];
    expect(listed).toEqual(names.map((name) => [name, "10.1.0.2", "n"]));
    expect(process.networks.names("n")).toHaveLength(4);
    expect(process.networks.names("bridge")).toEqual([]);
    expect(process.networks.names("none")).toEqual([]);
    expect(() => process.networks.names("nosuch")).toThrow(/"nosuch"/);
  });
});

describe("links", () => {
  test("name their container on the default network, where nobody else is named", async () => {
    using world = new World();
    const process = await world.command();
    for (const name of ["db", "other"]) await run(process, name, { networks: [] });
    await run(process, "web", { networks: [], links: ["db:database"] });
    expect(hosts(world, "web")).toEqual(["172.17.0.4\tweb web-id", "172.17.0.2\tdatabase db db-id"]);
    expect(hosts(world, "db")).toEqual(["172.17.0.2\tdb db-id"]);
    expectAgreement(world);
  });

  test("open the exposed ports of their container, and follow it to another address", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await run(process, "db", { expose: ["5432", "53/udp"], publish: ["8080:80"] });
    await run(process, "web", { links: ["db"] });
    const linksOf = () => process.containers.inspect("web").endpoints[0]?.endpoint.links;
    const ports = [
      { protocol: "tcp", port: 5432, count: 1 },
      { protocol: "udp", port: 53, count: 1 },
      { protocol: "tcp", port: 80, count: 1 },
    ];
    expect(linksOf()).toEqual([{ addresses: ["10.1.0.2"], ports }]);
    await process.containers.stop("db");
    expect(linksOf()).toEqual([]);
    await process.containers.start("db");
    expect(linksOf()).toEqual([{ addresses: ["10.1.0.4"], ports }]);
    expect(hosts(world, "web")).toContain("10.1.0.4\tdb db-id");
    expectAgreement(world);
  });

  test("of one network come, open and go with it, and wait for the other container", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.1/24"] });
    await run(process, "db", { networks: [{ network: "n" }, { network: "m" }], expose: ["5432"] });
    await run(process, "web");
    const connect = (name: string, ...links: string[]) => process.networks.connect(name, { network: "m", links });
    const linksOf = () => process.containers.inspect("web").endpoints[1]?.endpoint.links;
    await expect(connect("web", "nosuch:x")).rejects.toMatchObject({ kind: "not-found" });
    await expect(connect("netns:x", "db")).rejects.toMatchObject({ code: "TSD_LINK_NAMESPACE" });
    await connect("web", "db:store");
    expect(hosts(world, "web")).toContain("10.2.0.2\tstore db db-id");
    expect(hosts(world, "web").join()).not.toContain("10.1.0.2\tstore");
    expect(linksOf()).toMatchObject([{ addresses: ["10.2.0.2"], ports: [{ port: 5432 }] }]);
    await process.containers.rename("db", "data");
    expect(hosts(world, "web")).toContain("10.2.0.2\tstore data data-id db");
    await process.containers.stop("web");
    await process.containers.stop("data");
    await process.containers.start("web");
    expect(linksOf() ?? []).toEqual([]);
    await process.containers.start("data");
    expect(hosts(world, "web").join()).toContain("store data");
    expect(linksOf()).toHaveLength(1);
    await process.networks.disconnect("web", "m");
    expect(hosts(world, "web").join()).not.toContain("store");
    await process.networks.connect("web", { network: "m" });
    expect(hosts(world, "web").join()).not.toContain("store");
    expect(world.store.containers.outline(world.store.containers.resolve("web").id)?.hasLinks).toBe(false);
    expectAgreement(world);
  });

  test.each([
    ["db", "conflict", /^container "db" is not running/],
    ["nosuch:x", "not-found", /"nosuch"/],
    ["db:bad alias", "invalid-input", /"db:bad alias"/],
    ["far", "conflict", /^container "far" is on no network that "web" is to be on/],
    ["alone", "conflict", /^container "alone" is on no network that "web" is to be on/],
  ])("%s is refused", async (link, kind, message) => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.create({ image: "busybox", name: "db", networks: [{ network: "n" }] });
    await run(process, "far", { networks: [] });
    await run(process, "alone", { networks: [{ network: "none" }] });
    await expect(run(process, "web", { links: [link] })).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
    expectAgreement(world);
  });
});
