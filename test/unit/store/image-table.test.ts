import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { idFrom, image } from "./support/rows.js";
import { failureOf, rehearse, TemporaryStore } from "./support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
beforeAll(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterAll(() => temporary[Symbol.dispose]());

const busybox = image(idFrom("abc1"), "busybox:latest", "busybox:1.36", "registry:5000/busybox:latest");
const alpine = image(idFrom("abd2"), "alpine:3");

describe("the image table", () => {
  test.each([
    ["busybox", busybox],
    ["busybox:1.36", busybox],
    ["registry:5000/busybox", busybox],
    ["alpine:3", alpine],
    ["abc", busybox],
    [alpine.id, alpine],
    ["library/busybox", busybox],
    ["docker.io/busybox", busybox],
    ["docker.io/library/busybox:1.36", busybox],
    ["index.docker.io/library/busybox:latest", busybox],
    ["docker.io/alpine:3", alpine],
    [`sha256:${alpine.id}`, alpine],
    ["sha256:abd", alpine],
    [`alpine@sha256:${alpine.id}`, alpine],
    [`docker.io/library/alpine:9@sha256:${alpine.id}`, alpine],
    [`registry:5000/busybox@sha256:${busybox.id}`, busybox],
  ])("resolves %s", (ref, expected) => {
    rehearse(store, () => {
      store.images.put(busybox);
      store.images.put(alpine);
      expect(store.images.resolve(ref)).toEqual(expected);
    });
  });

  test.each([
    ["alpine", "not-found", 'image "alpine" does not exist'],
    ["ab", "conflict", '"ab" begins the ids of several images: abc100000000, abd200000000'],
    ["", "not-found", 'image "" does not exist'],
    ["registry:5000/library/busybox", "not-found", 'image "registry:5000/library/busybox" does not exist'],
    ["localhost/busybox", "not-found", 'image "localhost/busybox" does not exist'],
    [`busybox@sha256:${alpine.id}`, "not-found", `image "busybox@sha256:${alpine.id}" does not exist`],
    ["busybox@sha256:abc1", "not-found", 'image "busybox@sha256:abc1" does not exist'],
  ])("does not resolve %j", (ref, kind, message) => {
    rehearse(store, () => {
      store.images.put(busybox);
      store.images.put(alpine);
      expect(failureOf(() => store.images.resolve(ref))).toMatchObject({ kind, message });
    });
  });

  test("moves a name to the image that was put with it last", () => {
    rehearse(store, () => {
      store.images.put(busybox);
      store.images.put({ ...alpine, names: ["alpine:3", "busybox:latest"] });
      expect(store.images.resolve("busybox").id).toBe(alpine.id);
      expect(store.images.list()).toEqual([
        { ...busybox, names: ["busybox:1.36", "registry:5000/busybox:latest"] },
        { ...alpine, names: ["alpine:3", "busybox:latest"] },
      ]);
    });
  });

  test("puts an image again with other names, in its old place, and deletes it with all of them", () => {
    rehearse(store, () => {
      store.images.put(busybox);
      store.images.put(alpine);
      store.images.put({ ...busybox, names: ["bb:latest"], size: 7 });
      expect(store.images.list()).toEqual([{ ...busybox, names: ["bb:latest"], size: 7 }, alpine]);
      store.images.delete(busybox.id);
      store.images.delete(busybox.id);
      expect(store.images.list()).toEqual([alpine]);
      expect(failureOf(() => store.images.resolve("bb"))).toMatchObject({ code: "TSD_IMAGE_NOT_FOUND" });
    });
  });
});
