import { expect, test } from "@jest/globals";
import type { Container, Health } from "../../../src/api/index.js";
import type { ContainerRow } from "../../../src/contracts/index.js";
import { containerRow, endpointRow, image, networkRow } from "./support/rows.js";
import { TemporaryStore } from "./support/temporary-store.js";

/** A row in a later moment of its life. */
function later(row: ContainerRow, change: Partial<Container>, state: ContainerRow["state"] = "ready"): ContainerRow {
  return { ...row, state, container: { ...row.container, ...change } };
}

function made(labels: Readonly<Record<string, string>>): ContainerRow {
  const row = containerRow("c1", "web");
  return later(row, { imageId: "i1", spec: { ...row.container.spec, image: "busybox", labels } }, "creating");
}

test("what happens to rows has docker's words, and says of what image, on which network, with which labels", () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  const web = made({ tier: "front", own: "yes" });
  const endpoint = { ...endpointRow("e1", "n1"), containerId: "c1" };
  store.transaction(() => {
    store.networks.insert(networkRow("n1", "back"));
    store.networks.update({ ...networkRow("n1", "back"), state: "ready" });
    const labelled = { ...image("i1", "busybox:latest").config, labels: { tier: "image's", base: "b" } };
    store.images.put({ ...image("i1", "busybox:latest"), config: labelled });
    store.containers.insert(web);
    store.containers.update(later(web, { status: "starting", attached: true }, "creating"));
    store.endpoints.insert({ ...endpoint, state: "creating" });
    store.endpoints.update({ ...endpoint, state: "ready" });
    store.containers.update(later(web, { status: "running" }));
    store.changes.note({ kind: "container", id: "c1", name: "web", action: "kill", attributes: { signal: "15" } });
    // A change of what is in use is no event.
    store.endpoints.update({ ...endpoint, state: "changing" });
    store.endpoints.update({ ...endpoint, state: "ready" });
    store.containers.update(later(web, { name: "front", status: "running" }));
    store.containers.update(later(web, { name: "front", status: "exited", exitCode: 137, outOfMemory: true }));
    store.endpoints.delete("e1");
    store.containers.delete("c1");
    store.networks.delete("n1");
    store.images.delete("i1");
  });
  const labels = { tier: "front", own: "yes", base: "b" };
  const web1 = { ...labels, image: "busybox", name: "web" };
  const front = { ...web1, name: "front" };
  const connection = { name: "back", type: "bridge", network: "n1", container: "c1" };
  const events = store.changes.after(0).filter(({ action }) => action !== undefined);
  expect(events.map(({ kind, action, attributes }) => [`${kind} ${action}`, attributes])).toEqual([
    ["network create", { name: "back", type: "bridge" }],
    ["image tag", { name: "busybox:latest" }],
    ["container create", web1],
    ["container attach", web1],
    ["endpoint connect", { ...connection, containerName: "web" }],
    ["container start", web1],
    ["container kill", { ...web1, signal: "15" }],
    ["container rename", { ...front, oldName: "/web" }],
    ["container oom", front],
    ["container die", { ...front, exitCode: "137" }],
    ["endpoint disconnect", { ...connection, containerName: "front" }],
    ["container destroy", front],
    ["network destroy", { name: "back", type: "bridge" }],
    ["image untag", { name: "busybox:latest" }],
    ["image delete", { name: "sha256:i1" }],
  ]);
  expect([store.changes.exitCode("c1"), store.changes.exitCode("c2")]).toEqual([137, undefined]);
});

test("each end of a run is an event, and what a health check finds; what ends the wait for a restart is none", () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  const web = made({});
  const health = (status: Health["status"]) => ({ health: { status, failingStreak: 0, log: [] } });
  const waiting = { status: "restarting", attached: true, exitCode: 3, restartAt: "2026-01-01T00:00:00Z" } as const;
  const running = { status: "running", attached: true } as const;
  store.transaction(() => {
    store.containers.insert(web);
    store.containers.update(later(web, { ...running, status: "starting" }));
    store.containers.update(later(web, { ...running, ...health("starting") }));
    store.containers.update(later(web, { ...running, ...health("healthy") }));
    store.containers.update(later(web, { ...running, ...health("healthy") }));
    store.containers.update(later(web, { ...waiting, outOfMemory: true }));
    store.containers.update(later(web, { ...waiting, status: "starting" }));
    store.containers.update(later(web, { ...running, ...health("starting") }));
    store.containers.update(later(web, { ...running, ...health("unhealthy") }));
    store.containers.update(later(web, waiting));
    store.containers.update(later(web, { ...waiting, status: "stopping" }));
    store.containers.update(later(web, { status: "exited", exitCode: 3 }));
  });
  const events = store.changes.after(0).filter(({ action }) => action !== undefined);
  expect(events.map(({ action, attributes }) => [action, attributes?.exitCode].filter(Boolean).join(" "))).toEqual([
    ...["create", "attach", "start", "health_status: healthy", "oom", "die 3"],
    ...["start", "health_status: unhealthy", "die 3"],
  ]);
});

test("an image that moves a name takes it from the other, and one that is loaded again keeps its names", () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  store.transaction(() => {
    store.images.put(image("i1", "a:1"));
    store.images.put({ ...image("i1", "a:1"), names: ["a:1", "a:2"] });
    store.images.put(image("i2", "a:1"));
  });
  const events = store.changes.after(0).filter(({ action }) => action !== undefined);
  expect(events.map(({ id, action, attributes }) => `${id} ${action} ${attributes?.name}`)).toEqual([
    "i1 tag a:1",
    "i1 tag a:2",
    "i1 untag a:1",
    "i2 tag a:1",
  ]);
});

test("labels of megabytes stay out of the log", () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  store.transaction(() => store.containers.insert(made({ long: "x".repeat(2 ** 21) })));
  expect(store.changes.after(0).at(-1)?.attributes).toEqual({ image: "busybox", name: "web" });
});
