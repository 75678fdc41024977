import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { EtcdState } from "../../../src/cluster/etcd/etcd-state.js";
import type { EtcdPlace } from "../../../src/cluster/etcd/trust.js";
import type { ClusterState } from "../../../src/contracts/index.js";
import { EtcdMembers } from "../../support/etcd/etcd-members.js";
import { eventually } from "../../support/eventually.js";

const directory = mkdtempSync(join(tmpdir(), "tsd-etcd-test-"));
const open: EtcdState[] = [];
const stateAt = (etcd: EtcdPlace, timing?: ConstructorParameters<typeof EtcdState>[1]) => {
  const state = new EtcdState(etcd, timing);
  open.push(state);
  return state;
};
afterEach(async () => {
  for (const state of open.splice(0)) await state[Symbol.asyncDispose]();
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const set = (state: ClusterState, key: string, value = "") =>
  state.commit({ require: [], put: [{ key, value }], remove: [] });

/** What a watch shows next, or ends with, once it has shown something. */
async function watched(state: ClusterState, revision: number): Promise<{ next: Promise<unknown> }> {
  const watch = state.watch(["/f/"], revision, new AbortController().signal)[Symbol.asyncIterator]();
  await set(state, "/f/seen");
  await watch.next();
  const next = watch.next();
  next.catch(() => undefined);
  return { next };
}

describe("three members", () => {
  const etcd = new EtcdMembers();
  beforeAll(() => etcd.start());
  afterAll(() => etcd[Symbol.asyncDispose]());

  test("a member that is killed, the leader too, is left for another", async () => {
    const leader = etcd.leader();
    const endpoints = etcd.endpoints.toSorted((a) => (a === etcd.endpoints[leader] ? -1 : 1));
    const state = stateAt({ endpoints });
    const { revision } = await set(state, "/f/1");
    const { next } = await watched(state, revision);
    await etcd.stop(leader);
    await expect(next).rejects.toMatchObject({ code: "TSD_CLUSTER_UNREACHABLE" });
    expect((await set(state, "/f/2")).committed).toBe(true);
    const again = state.watch(["/f/"], revision, new AbortController().signal)[Symbol.asyncIterator]();
    expect((await again.next()).value).toMatchObject({ changes: [{ key: "/f/seen" }] });
    expect((await again.next()).value).toMatchObject({ changes: [{ key: "/f/2" }] });
    await again.return?.(undefined);
    etcd.startOne(leader);
  });

  test("a member that hangs is left for another", async () => {
    await eventually(async () => etcd.etcdctl("endpoint", "health"));
    const state = stateAt(
      { endpoints: etcd.endpoints },
      { reply: 1000, deadline: 10_000, pause: 100, keepAlive: 1000 },
    );
    await set(state, "/f/3");
    etcd.pause(0, true);
    try {
      expect((await set(state, "/f/4")).committed).toBe(true);
    } finally {
      etcd.pause(0, false);
    }
  });

  test("without a quorum each verb says so, a watch ends, and all is well once there is one", async () => {
    await eventually(async () => etcd.etcdctl("endpoint", "health"));
    const once = { reply: 10_000, deadline: 0, pause: 0, keepAlive: 1000 };
    const state = stateAt({ endpoints: etcd.endpoints.slice(0, 1) }, once);
    const { revision } = await set(state, "/f/5", "before");
    const lease = await state.lease(60);
    const { next } = await watched(state, revision);
    await Promise.all([etcd.stop(1), etcd.stop(2)]);
    await expect(next).rejects.toThrow(/etcdserver: no leader/);
    const without = {
      kind: "runtime",
      code: "TSD_CLUSTER_UNREACHABLE",
      message: expect.stringMatching(
        /127\.0\.0\.1:42379: it replies "(etcdserver: (no leader|request timed out)|context deadline exceeded)"/,
      ),
      hint: expect.stringContaining("majority"),
    };
    const verbs = [state.read("/f/"), set(state, "/f/6"), state.lease(5), lease.keepAlive()];
    for (const outcome of await Promise.allSettled(verbs)) expect(outcome).toMatchObject({ reason: without });
    for (const at of [1, 2]) etcd.startOne(at);
    await eventually(async () => expect(await lease.keepAlive()).toBe(true));
    expect((await state.read("/f/5")).records).toMatchObject([{ value: "before" }]);
  });

  test("users: the right one, a wrong password, none, one that may not, and a token that ended", async () => {
    await eventually(async () => etcd.etcdctl("endpoint", "health"));
    for (const args of [
      ["user", "add", "root:secret"],
      ["user", "add", "tsd:good"],
      ["user", "add", "other:good"],
      ["role", "add", "tsd"],
      ["role", "grant-permission", "--prefix=true", "tsd", "readwrite", "/tsd/"],
      ["user", "grant-role", "tsd", "tsd"],
    ])
      etcd.etcdctl(...args);
    const { endpoints } = etcd;
    const passwordFile = file("password", "good\n");
    await expect(set(stateAt({ endpoints, user: "tsd", passwordFile }), "/tsd/1")).rejects.toMatchObject({
      code: "TSD_CLUSTER_DENIED",
      message: expect.stringContaining("authentication is not enabled"),
    });
    etcd.etcdctl("auth", "enable");
    const state = stateAt({ endpoints, user: "tsd", passwordFile });
    const { revision } = await set(state, "/tsd/1");
    const watch = state.watch(["/tsd/"], revision, new AbortController().signal)[Symbol.asyncIterator]();
    const lease = await state.lease(60);
    await state.commit({ require: [], put: [{ key: "/tsd/2", value: "", lease: lease.id }], remove: [] });
    expect((await watch.next()).value).toMatchObject({ changes: [{ key: "/tsd/2" }] });
    await watch.return?.(undefined);
    expect(await lease.keepAlive()).toBe(true);
    await lease.revoke();

    const denied = (words: RegExp) => ({
      kind: "permission",
      code: "TSD_CLUSTER_DENIED",
      message: expect.stringMatching(words),
    });
    await expect(set(state, "/elsewhere")).rejects.toMatchObject(denied(/user tsd: .*permission denied/));
    await expect(set(stateAt({ endpoints, user: "other", passwordFile }), "/tsd/3")).rejects.toMatchObject(
      denied(/user other: .*permission denied/),
    );
    await expect(set(stateAt({ endpoints }), "/tsd/3")).rejects.toMatchObject(denied(/user name is empty/));
    const wrong = file("wrong", "bad");
    await expect(set(stateAt({ endpoints, user: "tsd", passwordFile: wrong }), "/tsd/3")).rejects.toMatchObject(
      denied(/user tsd: .*invalid user ID or password/),
    );
    const exposed = file("exposed", "good", 0o644);
    await expect(set(stateAt({ endpoints, user: "tsd", passwordFile: exposed }), "/tsd/3")).rejects.toMatchObject({
      kind: "permission",
      code: "TSD_FILE_EXPOSED",
      message: expect.stringContaining(exposed),
    });
    // Tokens are in the memory of the members.
    for (const at of [0, 1, 2]) await etcd.stop(at);
    for (const at of [0, 1, 2]) etcd.startOne(at);
    await eventually(async () => expect((await set(state, "/tsd/4")).committed).toBe(true));
  });
});

describe("TLS", () => {
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: directory, stdio: "ignore" });
  const authority = (name: string) => {
    openssl(
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(" "),
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    );
    return join(directory, `${name}.pem`);
  };
  const certificate = (name: string, by: string, address = "127.0.0.1") => {
    file(`${name}.ext`, `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    openssl(
      ..."req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(" "),
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    openssl(
      ..."x509 -req -days 2 -CAcreateserial".split(" "),
      "-CA",
      `${by}.pem`,
      "-CAkey",
      `${by}.key`,
      "-in",
      `${name}.csr`,
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.pem`,
    );
    return { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  };
  let ca: string;
  let etcd: EtcdMembers;
  beforeAll(async () => {
    ca = authority("right");
    etcd = new EtcdMembers({ count: 1, port: 42_479, tls: { ca, ...certificate("server", "right") } });
    await etcd.start();
  });
  afterAll(() => etcd[Symbol.asyncDispose]());

  test("the right certificates are accepted, for requests and watches", async () => {
    const state = stateAt({ endpoints: etcd.endpoints, ca, ...certificate("client", "right") });
    const { revision } = await set(state, "/t/1");
    await set(state, "/t/2");
    const watch = state.watch(["/t/"], revision, new AbortController().signal)[Symbol.asyncIterator]();
    expect((await watch.next()).value).toMatchObject({ changes: [{ key: "/t/2" }] });
    await watch.return?.(undefined);
  });

  test("what is wrong is said", async () => {
    const other = authority("other");
    const client = certificate("client", "right");
    const stranger = certificate("stranger", "other");
    const { endpoints } = etcd;
    const plain = endpoints.map((url) => url.replace("https", "http"));
    const cases: readonly (readonly [EtcdPlace, RegExp])[] = [
      [{ endpoints, ca: other, ...client }, /not signed by the given authority/],
      [{ endpoints, ...client }, /not signed by the given authority/],
      [
        { endpoints: endpoints.map((url) => url.replace("127.0.0.1", "localhost")), ca, ...client },
        /is for another name/,
      ],
      [{ endpoints, ca, ...stranger }, /wants a certificate that it trusts/],
      [{ endpoints, ca }, /wants a certificate that it trusts/],
      [{ endpoints: plain }, /it closed the connection|it speaks TLS/],
    ];
    for (const [place, words] of cases)
      await expect(set(stateAt(place), "/t/3")).rejects.toMatchObject({
        code: "TSD_CLUSTER_UNREACHABLE",
        message: expect.stringMatching(words),
        hint: expect.stringMatching(/--ca|https/),
      });
    chmodSync(client.key, 0o640);
    expect(() => stateAt({ endpoints, ca, ...client })).toThrow(/key file .* can be used by other users/);
    chmodSync(client.key, 0o600);
    expect(() => stateAt({ endpoints, ca: join(directory, "absent") })).toThrow(/cannot read .*absent/);
  });
});
