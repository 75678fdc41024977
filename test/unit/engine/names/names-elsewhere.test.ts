import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { decode } from "dns-packet";
import type { EndpointPeer } from "../../../../src/api/index.js";
import type { ContainerRow } from "../../../../src/contracts/index.js";
import { LoadBounds } from "../../../../src/names/serving/load-bounds.js";
import { Responder } from "../../../../src/names/serving/responder.js";
import { Forwarder } from "../../../../src/names/upstream/forwarder.js";
import { queryOf } from "../../../support/names/queries.js";
import { Scene } from "./scene.js";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

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
  for (let look = 0; look < 2; look++) {
    const meaning = scene.views.of(row.container.sandbox?.netns ?? "")?.meaning(name);
    if (!(meaning instanceof Promise)) break;
    const outcome = await meaning.catch(() => "failed");
    if (outcome !== undefined) return outcome;
  }
  return scene.meaning(row, name);
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

  test("what was found before waits for no further question, and one beside it finds what is there now", async () => {
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    await said("db");
    scene.elsewhere.set("db", new Error("etcd is away"));
    scene.now += 10_000;
    await said("db");
    scene.now += 1000;
    expect(scene.meaning(web, "db")).toEqual(["10.1.0.66"]);
    await settled();
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.77"])]);
    scene.now += 1000;
    expect(scene.meaning(web, "db")).toEqual(["10.1.0.66"]);
    await settled();
    expect(scene.meaning(web, "db")).toEqual(["10.1.0.77"]);
    expect(scene.questions).toHaveLength(4);
  });

  test("questions without a reply keep no other from being asked", async () => {
    const askers = Array.from({ length: 4 }, (_, at) =>
      scene.container({ name: `a${at}`, on: [{ network: "back", addresses: [`10.1.0.${at + 10}/16`] }] }),
    );
    for (const [at, asker] of askers.entries())
      for (let number = 0; number < 70; number++) {
        const name = `junk${at}-${number}`;
        scene.elsewhere.set(name, new Error("etcd is away"));
        expect(await said(name, asker)).toBe("failed");
      }
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    expect(await said("db")).toEqual(["10.1.0.66"]);
  });
});

describe("a container on two networks", () => {
  const both = ["back", "front"] as const;

  beforeEach(() => {
    const cluster = { vni: 4098, host: "here", address: "192.0.2.1", mtu: 1500, mac: "02:00:00:00:00:01", blocks: [] };
    scene.network("front", { cluster, subnets: [{ cidr: "10.1.0.0/16", gateway: "10.1.0.1" }] });
    const on = both.map((network) => ({ network, addresses: ["10.1.0.20/16"] }));
    web = scene.container({ name: "both", on });
  });

  /** What an A or PTR query gets while one network's hosts reply later than those of the other. */
  async function replied(slow: string, name: string, type: "A" | "PTR"): Promise<unknown> {
    scene.now += 60_000;
    scene.waits.set(scene.writer.networks.resolve(slow).id, settled());
    const responder = new Responder(new Forwarder(() => 0), new LoadBounds());
    const view = () => scene.views.of(web.container.sandbox?.netns ?? "");
    const reply = await responder.respond(queryOf({ name, type }), { netns: "web", transport: "udp", view });
    scene.waits.clear();
    const { rcode, answers } = decode(reply as Buffer) as { rcode?: string; answers?: readonly { data?: unknown }[] };
    return answers?.[0]?.data ?? rcode;
  }

  test.each(both)("has a name of either, or that it is in none, whichever is slow: %s", async (slow) => {
    scene.nameservers = [];
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    scene.elsewhere.set("10.1.0.66", [peer(["db"], ["10.1.0.66"])]);
    expect(await replied(slow, "nothing", "A")).toBe("NXDOMAIN");
    expect(await replied(slow, "db", "A")).toBe("10.1.0.66");
    expect(await replied(slow, "66.0.1.10.in-addr.arpa", "PTR")).toMatch(/^db\./);
    expect(await replied(slow, "67.0.1.10.in-addr.arpa", "PTR")).toBe("NXDOMAIN");
  });

  test("has what the hosts of one say, where those of the other cannot be asked", async () => {
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    scene.waits.set(scene.writer.networks.resolve("back").id, Promise.reject(new Error("away")));
    expect(await said("db")).toEqual(["10.1.0.66"]);
    expect(await said("nothing")).toBe("failed");
  });
});

describe("a container that floods", () => {
  test("has what was found before, for as long as it may ask for nothing", async () => {
    scene.elsewhere.set("db", [peer(["db"], ["10.1.0.66"])]);
    await said("db");
    scene.now += 10_000;
    for (let at = 0; at < 100; at++) await said(`junk${at}`);
    expect(await said("junk")).toBe("failed");
    expect(await said("db")).toEqual(["10.1.0.66"]);
    expect(scene.questions).toHaveLength(101);
  });

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
