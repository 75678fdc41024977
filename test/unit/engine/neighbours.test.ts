import { describe, expect, test } from "@jest/globals";
import type { File } from "../../../src/api/index.js";
import { expectAgreement } from "../../support/engine/agreement.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { World } from "../../support/engine/world.js";

/** Lines of a container's /etc/hosts behind those that every one has. */
function hosts(world: World, name: string): readonly string[] {
  const row = world.store.containers.resolve(name);
  const file = row.resources.find((one): one is File => one.kind === "file" && one.path.endsWith("/hosts"));
  return (file?.content ?? "").trimEnd().split("\n").slice(2);
}

const run = (process: TsdProcess, name: string, rest: object = {}) =>
  process.containers.runDetached({ image: "busybox", name, hostname: name, networks: [{ network: "n" }], ...rest });

describe("names on a user's network", () => {
  test("come and go with containers, aliases among them", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await run(process, "web", { networks: [{ network: "n", aliases: ["www"] }], domainname: "example.org" });
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb.example.org web"]);
    await run(process, "db", { addHosts: ["outside:192.0.2.9", "gate:host-gateway"] });
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb.example.org web", "10.1.0.3\tdb"]);
    expect(hosts(world, "db")).toEqual(["192.0.2.9\toutside", "10.1.0.1\tgate", "10.1.0.3\tdb", "10.1.0.2\tweb www"]);
    expectAgreement(world);
    await process.containers.remove("web", { force: true });
    expect(hosts(world, "db")).toEqual(["192.0.2.9\toutside", "10.1.0.1\tgate", "10.1.0.3\tdb"]);
    expectAgreement(world);
  });

  test("follow a container that connects and disconnects", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    await run(process, "web");
    await run(process, "db", { networks: [{ network: "m" }] });
    await process.networks.connect("web", { network: "m" });
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb", "10.2.0.3\tweb", "10.2.0.2\tdb"]);
    expect(hosts(world, "db")).toEqual(["10.2.0.2\tdb", "10.2.0.3\tweb"]);
    await process.networks.disconnect("web", "m");
    expect(hosts(world, "web")).toEqual(["10.1.0.2\tweb"]);
    expect(hosts(world, "db")).toEqual(["10.2.0.2\tdb"]);
    expectAgreement(world);
  });
});

describe("links", () => {
  test("name their container on the default network, where nobody else is named", async () => {
    using world = new World();
    const process = await world.command();
    for (const name of ["db", "other"]) await run(process, name, { networks: [] });
    await run(process, "web", { networks: [], links: ["db:database"] });
    expect(hosts(world, "web")).toEqual(["172.17.0.4\tweb", "172.17.0.2\tdatabase db"]);
    expect(hosts(world, "db")).toEqual(["172.17.0.2\tdb"]);
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
    expect(hosts(world, "web")).toContain("10.1.0.4\tdb");
    expectAgreement(world);
  });

  test.each([
    ["db", "conflict", /^container "db" is not running/],
    ["nosuch:x", "not-found", /"nosuch"/],
    ["db:bad alias", "invalid-input", /"db:bad alias"/],
  ])("%s is refused", async (link, kind, message) => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.create({ image: "busybox", name: "db", networks: [{ network: "n" }] });
    await expect(run(process, "web", { links: [link] })).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
    expectAgreement(world);
  });
});
