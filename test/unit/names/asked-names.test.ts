import { expect, test } from "@jest/globals";
import { decode } from "dns-packet";
import type { NameView } from "../../../src/contracts/index.js";
import { LoadBounds } from "../../../src/names/serving/load-bounds.js";
import { Responder } from "../../../src/names/serving/responder.js";
import { Forwarder } from "../../../src/names/upstream/forwarder.js";
import { queryOf } from "../../support/names/queries.js";
import { viewOf } from "../../support/names/views.js";

const known = viewOf({ names: { db: ["10.0.0.66"] }, hosts: { "10.0.0.66": "db.front" }, search: "corp.example" });
const unknown = viewOf({ search: "corp.example" });

/** A view that has other hosts asked for all it does not know, until these say what comes of it. */
function asking(asked: Promise<void>): NameView {
  return { ...unknown, meaning: () => asked, searched: () => asked, nameOf: () => asked };
}

/** What questions get where each look at the views is another one; the last one stays. */
function responderOver(views: readonly NameView[], bounds = new LoadBounds()) {
  const responder = new Responder(new Forwarder(() => 0), bounds);
  const left = [...views];
  const view = () => (left.length > 1 ? left.shift() : left[0]);
  return async (name: string, type: "A" | "PTR" = "A", transport: "udp" | "tcp" = "udp") => {
    const reply = await responder.respond(queryOf({ name, type }), { netns: "web", transport, view });
    return reply && decode(reply);
  };
}

test.each([
  ["db", "A", "10.0.0.66"],
  ["66.0.0.10.in-addr.arpa", "PTR", "db.front"],
] as const)("%s is what other hosts say, once they have", async (name, type, data) => {
  const ask = responderOver([asking(Promise.resolve()), known]);
  expect(await ask(name, type)).toMatchObject({ rcode: "NOERROR", answers: [{ data }] });
});

test("a name for which more has to be asked, once what was asked first is there, is waited for", async () => {
  const late = new Promise<void>((resolve) => setImmediate(resolve));
  const ask = responderOver([asking(Promise.resolve()), asking(late), known]);
  expect(await ask("db")).toMatchObject({ rcode: "NOERROR", answers: [{ data: "10.0.0.66" }] });
});

test("a name before a search domain is what other hosts say as well", async () => {
  const searching = { ...unknown, searched: () => Promise.resolve() };
  expect(await responderOver([searching, known])("db.corp.example")).toMatchObject({
    answers: [{ data: "10.0.0.66" }],
  });
});

test("a name that no host has is denied, and one that may be there is not", async () => {
  expect(await responderOver([asking(Promise.resolve()), unknown])("db")).toMatchObject({ rcode: "NXDOMAIN" });
  const failed = Promise.reject(new Error("etcd is away"));
  expect(await responderOver([asking(failed)])("db")).toMatchObject({ rcode: "SERVFAIL", answers: [] });
  // What was found has been forgotten again.
  expect(await responderOver([asking(Promise.resolve())])("db")).toMatchObject({ rcode: "SERVFAIL" });
});

test("questions that wait for other hosts are as many as a namespace may have, and room comes again with the replies", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 66 }, () => asking(promise));
  const asked = Array.from({ length: 64 }, () => known);
  const ask = responderOver([...waiting, ...asked, asking(Promise.resolve()), known]);
  const replies = Array.from({ length: 64 }, () => ask("db"));
  expect(await ask("db")).toBeUndefined();
  expect(await ask("db", "A", "tcp")).toMatchObject({ rcode: "REFUSED" });
  resolve();
  for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ rcode: "NOERROR" });
  expect(await ask("db")).toMatchObject({ rcode: "NOERROR" });
});
