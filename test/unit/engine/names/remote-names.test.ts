import { describe, expect, test } from "@jest/globals";
import type { PeerRow } from "../../../../src/contracts/index.js";
import { Scene } from "./scene.js";

function twoNetworks(): Scene {
  const scene = new Scene();
  scene.network("Front", { subnets: [{ cidr: "10.1.0.0/24", gateway: "10.1.0.1" }] });
  scene.network("back", { subnets: [{ cidr: "10.2.0.0/24", gateway: "10.2.0.1" }] });
  scene.container({ name: "db1", on: [{ network: "Front", addresses: ["10.1.0.2/24"], aliases: ["db"] }] });
  return scene;
}

describe("containers of other hosts", () => {
  test("have their names on their network, beside and behind those of this host", () => {
    using scene = twoNetworks();
    const web = scene.container({ name: "web", on: [{ network: "Front", addresses: ["10.1.0.9/24"] }] });
    const nameOf = (address: string) => scene.views.of(web.container.sandbox?.netns ?? "")?.nameOf(address);
    expect(scene.meaning(web, "cache")).toBe("unknown");
    const cache = scene.remote("Front", ["cache", "DB"], ["10.1.0.66", "10.1.0.2"]);
    scene.remote("back", ["other"], ["10.2.0.66"]);
    expect(scene.meaning(web, "cache")).toEqual(["10.1.0.66", "10.1.0.2"]);
    expect(scene.meaning(web, "cache.front")).toEqual(["10.1.0.66", "10.1.0.2"]);
    expect(scene.meaning(web, "db")).toEqual(["10.1.0.2", "10.1.0.66"]);
    expect(scene.meaning(web, "other")).toBe("unknown");
    expect(["10.1.0.66", "10.1.0.2"].map(nameOf)).toEqual(["cache.Front", "db1.Front"]);
    scene.writer.transaction(() =>
      scene.writer.peers.update({ ...cache, peer: { ...cache.peer, names: ["moved"] } as PeerRow["peer"] }),
    );
    expect(scene.meaning(web, "cache")).toBe("unknown");
    expect(scene.meaning(web, "moved")).toEqual(["10.1.0.66", "10.1.0.2"]);
    scene.writer.transaction(() => scene.writer.peers.update({ ...cache, state: "deleting" }));
    expect(scene.meaning(web, "moved")).toBe("unknown");
  });

  test.each<[string, string, string, ReturnType<Scene["meaning"]>]>([
    ["a name of the world", "www.example.net", "10.1.0.66", "foreign"],
    ["a name of this host", "gateway", "10.1.0.66", ["10.1.0.1"]],
    ["a name of its loopback", "localhost", "10.1.0.66", ["127.0.0.1", "::1"]],
    ["what is no name", "a b", "10.1.0.66", "unknown"],
    ["an address of another network", "db9", "10.2.0.2", "unknown"],
    ["an address of the world", "db9", "203.0.113.9", "unknown"],
    ["the gateway's address", "db9", "10.1.0.1", "unknown"],
    ["what is no address", "db9", "[::", "unknown"],
    ["what is an address with a zone", "db9", "fe80::1%eth0", "unknown"],
  ])("cannot claim %s: %s %s", (_, name, address, expected) => {
    using scene = twoNetworks();
    const web = scene.container({ name: "web", on: [{ network: "Front", addresses: ["10.1.0.9/24"] }] });
    scene.remote("Front", [name], [address]);
    expect(scene.meaning(web, name)).toEqual(expected);
  });
});
