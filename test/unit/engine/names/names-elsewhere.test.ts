import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { EndpointPeer } from "../../../../src/api/index.js";
import type { ContainerRow } from "../../../../src/contracts/index.js";
import { Scene } from "./scene.js";

let scene: Scene;
let web: ContainerRow;

beforeEach(() => {
  scene = new Scene();
  const cluster = { vni: 4097, host: "here", address: "192.0.2.1", mtu: 1500, mac: "02:00:00:00:00:01", blocks: [] };
  scene.network("back", { cluster, subnets: [{ cidr: "10.1.0.0/16", gateway: "10.1.0.1" }] });
  web = scene.container({ name: "web", on: [{ network: "back", addresses: ["10.1.0.2/16"] }] });
});

afterEach(() => scene[Symbol.dispose]());

function peer(names: readonly string[], addresses: readonly string[]): EndpointPeer {
  const where = { networkId: "n", host: "far", address: "192.0.2.9", mac: "02:42:0a:01:00:42" };
  return { kind: "endpoint", id: "e", ...where, names, addresses };
}

/** What a name means once other hosts have been asked for it. */
async function said(name: string, row = web): Promise<unknown> {
  const view = () => scene.views.of(row.container.sandbox?.netns ?? "");
  const first = view()?.meaning(name);
  if (!(first instanceof Promise)) return scene.meaning(row, name);
  return await first.then(
    () => scene.meaning(row, name),
    () => "failed",
  );
}

test("a name that no row has is what another host says, for ten seconds, and asked for once", async () => {
  scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
  const both = await Promise.all([said("db"), said("db"), said("db.back")]);
  expect(both).toEqual([["10.1.0.66"], ["10.1.0.66"], ["10.1.0.66"]]);
  expect(scene.questions).toEqual(["db"]);
  scene.elsewhere.set("db", [peer(["db"], ["10.1.0.130"])]);
  scene.now += 9999;
  expect(await said("db")).toEqual(["10.1.0.66"]);
  scene.now += 1;
  expect(await said("db")).toEqual(["10.1.0.130"]);
});

test("an address has the name that another host says, of the subnet of a network alone", async () => {
  scene.elsewhere.set("10.1.0.66", [peer(["db"], ["10.1.0.66"])]);
  const nameOf = (address: string) => scene.views.of(web.container.sandbox?.netns ?? "")?.nameOf(address);
  await nameOf("10.1.0.66");
  expect(nameOf("10.1.0.66")).toBe("db.back");
  expect(nameOf("192.0.2.77")).toBeUndefined();
  expect(scene.questions).toEqual(["10.1.0.66"]);
});

test("a name that no host has is asked for again after two seconds; names of the world and of the host never", async () => {
  expect(await said("nothing")).toBe("unknown");
  expect(await said("nothing")).toBe("unknown");
  scene.now += 2000;
  expect(await said("nothing")).toBe("unknown");
  for (const name of ["example.com", "localhost", "gateway", "host.docker.internal"]) await said(name);
  expect(scene.questions).toEqual(["nothing", "nothing"]);
});

test("another host says nothing of names and addresses that are not its to say", async () => {
  scene.elsewhere.set("db", [peer(["db"], ["192.0.2.77"]), peer(["db"], ["10.1.0.1"])]);
  expect(await said("db")).toBe("unknown");
});

test("a name that is here waits for no other host, and has theirs beside it afterwards", async () => {
  scene.container({ name: "db", on: [{ network: "back", addresses: ["10.1.0.3/16"] }] });
  scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
  expect(scene.meaning(web, "db")).toEqual(["10.1.0.3"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(scene.meaning(web, "db")).toEqual(["10.1.0.3", "10.1.0.66"]);
  scene.elsewhere.set("web", new Error("gone"));
  expect(scene.meaning(web, "web")).toEqual(["10.1.0.2"]);
});

test("networks whose endpoints all have rows ask no other host", async () => {
  const row = scene.writer.networks.resolve("back");
  const inlet = { link: "vx", addresses: [] };
  const isolate = { kind: "isolate", bridge: "br", inlet } as never;
  scene.writer.transaction(() => scene.writer.networks.update({ ...row, resources: [isolate] }));
  expect(scene.meaning(web, "db")).toBe("unknown");
  expect(scene.questions).toEqual([]);
});

describe("where other hosts cannot be asked", () => {
  test("a name is not denied, and is asked for again after a second", async () => {
    scene.elsewhere.set("db", new Error("etcd is away"));
    expect(await said("db")).toBe("failed");
    expect(await said("db")).toBe("failed");
    expect(scene.questions).toEqual(["db"]);
  });

  test("what was found before is used, for an hour", async () => {
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    await said("db");
    scene.elsewhere.set("db", new Error("etcd is away"));
    scene.now += 10_000;
    expect(await said("db")).toEqual(["10.1.0.66"]);
    scene.now += 999;
    expect(await said("db")).toEqual(["10.1.0.66"]);
    expect(scene.questions).toHaveLength(2);
    scene.now += 1;
    expect(await said("db")).toEqual(["10.1.0.66"]);
    expect(scene.questions).toHaveLength(3);
    scene.now += 3_600_000;
    expect(await said("db")).toBe("failed");
  });
});

describe("a container that floods", () => {
  test("has a hundred names asked at once and fifty a second, and keeps no other from asking", async () => {
    const other = scene.container({ name: "other", on: [{ network: "back", addresses: ["10.1.0.4/16"] }] });
    const flood = async (count: number) => {
      const replies = [];
      for (let at = 0; at < count; at++) replies.push(await said(`junk${scene.now}-${at}`));
      return replies.filter((one) => one === "unknown").length;
    };
    expect(await flood(150)).toBe(100);
    scene.now += 500;
    expect(await flood(50)).toBe(25);
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    expect(await said("db", other)).toEqual(["10.1.0.66"]);
  });

  test("has so many questions in flight, and keeps no other from asking", async () => {
    const other = scene.container({ name: "other", on: [{ network: "back", addresses: ["10.1.0.4/16"] }] });
    const flood = Array.from({ length: 40 }, (_, at) => said(`junk${at}`));
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    expect(await said("db", other)).toEqual(["10.1.0.66"]);
    expect((await Promise.all(flood)).filter((one) => one === "failed")).toHaveLength(8);
    expect(await said("more")).toBe("unknown");
  });

  test("pushes out nothing that is there", async () => {
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    await said("db");
    for (let at = 0; at < 1100; at++) {
      scene.now += 20;
      await said(`junk${at}`);
    }
    expect(scene.questions).toHaveLength(1101);
    scene.elsewhere.set("db", new Error("etcd is away"));
    expect(await said("db")).toEqual(["10.1.0.66"]);
  });
});
