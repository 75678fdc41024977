import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { importsOf } from "../../../script/walls/imports-of.js";

/** Rooms that must not see one which is above them. */
const roomsBelow = {
  engine: {
    "../use-cases/u.js":
      "contracts rows requests host-facts sandbox resources nat plan updates settings explain doctor map lifecycle drift dry-run",
    "../dry-run/d.js": "use-cases",
  },
  kernel: {
    "../host/h.js":
      "programs files terminal netns redirect netlink announcement rtnetlink forward-chains orphans volumes",
    "../../host/h.js": "rtnetlink/messages rtnetlink/filters rtnetlink/session rtnetlink/link-kinds rtnetlink/links",
    "../orphans/s.js": "host",
  },
  names: {
    "../serving/s.js": "message transport own upstream",
  },
  agent: {
    "../a.js": "records peers own directory",
  },
  "engine-api": {
    "../routes/r.js": "http requests sessions",
  },
  page: {
    "../view/v.js": "http host",
  },
  cluster: {
    "../records/r.js": "bounds etcd local",
    "../etcd/e.js": "records",
  },
};

/** Files that break one rule each, and what the file imports for it. */
const violations: readonly [rule: string, file: string, imported: string][] = [
  ["api-imports", "src/api/a.ts", "../errors/e.js"],
  ["api-imports", "src/api/e.ts", "../contracts/s.js"],
  ["contracts-imports", "src/contracts/a.ts", "../kernel/k.js"],
  ["errors-imports", "src/errors/b.ts", "../api/plain.js"],
  ["kernel-imports", "src/kernel/a.ts", "../store/s.js"],
  ["store-imports", "src/store/a.ts", "../nat/nftables/n.js"],
  ["ipam-imports", "src/ipam/a.ts", "../store/s.js"],
  ["nat-imports", "src/nat/nftables/a.ts", "../../ipam/i.js"],
  ["nat-imports", "src/nat/nftables/d.ts", "../../contracts/s.js"],
  ["drivers-imports", "src/drivers/bridge/d.ts", "../../errors/e.js"],
  ["drivers-imports", "src/drivers/bridge/a.ts", "../../nat/nftables/n.js"],
  ["extensions-imports", "src/extensions/ptp/a.ts", "../../drivers/host/h.js"],
  ["hosts-imports", "src/hosts/cni/a.ts", "../../engine/g.js"],
  ["hosts-blind", "src/hosts/cni/b.ts", "../netavark/n.js"],
  ["names-imports", "src/names/a.ts", "../store/s.js"],
  ["resolver-imports", "src/resolver/a.ts", "../store/s.js"],
  ["service-imports", "src/service/a.ts", "../store/s.js"],
  ["timers-imports", "src/timers/a.ts", "../store/s.js"],
  ["resolver-imports", "src/resolver/b.ts", "../names/own/o.js"],
  ["agent-imports", "src/agent/b.ts", "../engine/g.js"],
  ["cluster-imports", "src/cluster/etcd/a.ts", "../../engine/g.js"],
  ["registry-imports", "src/registry/a.ts", "../store/s.js"],
  ["filters-imports", "src/filters/a.ts", "../store/s.js"],
  ["listening-imports", "src/listening/a.ts", "../store/s.js"],
  ["engine-api-imports", "src/engine-api/http/a.ts", "../../store/s.js"],
  ["page-imports", "src/page/http/a.ts", "../../store/s.js"],
  ["plugins-imports", "src/plugins/a.ts", "../drivers/host/h.js"],
  ["runtime-imports", "src/runtime/a.ts", "../engine/g.js"],
  ["engine-imports", "src/engine/a.ts", "../kernel/k.js"],
  ["testing-imports", "src/testing/a.ts", "../engine/g.js"],
  ["presenters-imports", "src/presenters/d.ts", "../contracts/s.js"],
  ["presenters-imports", "src/presenters/a.ts", "../engine/g.js"],
  ["commands-imports", "src/commands/a.ts", "../engine/g.js"],
  ["executable-imports", "src/executable/a.ts", "../engine/g.js"],
  ["cli-imports", "src/cli/a.ts", "../presenters/p.js"],
  ["adapters-imports", "src/adapters/cni/a.ts", "../../engine/g.js"],
  ["adapters-blind", "src/adapters/cni/b.ts", "../netavark/n.js"],
  ["koffi-door", "src/store/b.ts", "koffi"],
  ["child-process-door", "src/runtime/b.ts", "node:child_process"],
  ["child-process-door", "src/runtime/c.ts", "execa"],
  ["inversify-door", "src/engine/b.ts", "inversify"],
  ["oclif-door", "src/presenters/b.ts", "@oclif/core"],
  ["sqlite-door", "src/ipam/b.ts", "node:sqlite"],
  ["drivers-blind", "src/drivers/bridge/b.ts", "../host/h.js"],
  ["extensions-blind", "src/extensions/ptp/b.ts", "../macvlan/m.js"],
  ["nat-backends-blind", "src/nat/nftables/b.ts", "../iptables/t.js"],
  ["root-on-top", "src/engine/c.ts", "../index.js"],
  ["root-on-top", "src/nat/nftables/c.ts", "../../composition/c.js"],
  ["composition-imports", "src/composition/a.ts", "../cli/c.js"],
  ["library-without-cli", "src/index.ts", "./cli/c.js"],
  ["src-alone", "src/api/b.ts", "../../test/t.js"],
  ["src-without-dev-dependencies", "src/api/c.ts", "fast-check"],
  ...Object.entries(roomsBelow).flatMap(([folder, above]) =>
    Object.entries(above).flatMap(([imported, rooms]) =>
      rooms.split(" ").map((room): [string, string, string] => {
        return [`${folder}-${room.replace("/", "-")}-room`, `src/${folder}/${room}/w.ts`, imported];
      }),
    ),
  ),
  ["engine-names-room", "src/engine/names/x.ts", "../updates/u.js"],
  ["engine-plan-room", "src/engine/plan/x.ts", "../resources/resource-applier.js"],
  ["engine-ipam-room", "src/engine/ipam/x.ts", "../updates/u.js"],
  ["engine-explain-room", "src/engine/explain/x.ts", "../nat/nat-switch.js"],
  ["engine-cluster-room", "src/engine/cluster/x.ts", "../updates/u.js"],
  ["engine-doctor-room", "src/engine/doctor/x.ts", "../updates/u.js"],
  ["engine-api-routes-room", "src/engine-api/routes/w.ts", "../carry-out.js"],
  ["engine-api-ground-room", "src/engine-api/w.ts", "./requests/q.js"],
  ["engine-api-in-rooms", "src/engine-api/attic/w.ts", "../../api/plain.js"],
  ["page-view-room", "src/page/view/w.ts", "../serve.js"],
  ["page-ground-room", "src/page/w.ts", "./attic/w.js"],
  ["page-in-rooms", "src/page/attic/w.ts", "../../api/plain.js"],
  ["agent-ground-room", "src/agent/w.ts", "./attic/w.js"],
  ["agent-in-rooms", "src/agent/attic/w.ts", "../../api/plain.js"],
  ["cluster-ground-room", "src/cluster/w.ts", "./records/r.js"],
  ["cluster-in-rooms", "src/cluster/attic/w.ts", "../../api/plain.js"],
  ["names-ground-room", "src/names/w.ts", "./own/o.js"],
  ["names-serving-room", "src/names/serving/w.ts", "../name-server.js"],
  ["names-in-rooms", "src/names/attic/w.ts", "../../api/plain.js"],
  ["kernel-ground-room", "src/kernel/w.ts", "./programs/p.js"],
  ["kernel-wireguard-room", "src/kernel/wireguard/w.ts", "../programs/p.js"],
  ["engine-files", "src/engine/requests/x.ts", "node:fs"],
  ["engine-in-rooms", "src/engine/w.ts", "../api/plain.js"],
  ["kernel-in-rooms", "src/kernel/attic/w.ts", "../../api/plain.js"],
  ["no-cycle", "src/engine/d.ts", "./e.js"],
  ["no-unresolvable", "src/api/d.ts", "./nowhere.js"],
];

const targets = [
  "src/api/plain.ts",
  "src/contracts/s.ts",
  "src/errors/e.ts",
  "src/store/s.ts",
  "src/nat/nftables/n.ts",
  "src/nat/iptables/t.ts",
  "src/ipam/i.ts",
  "src/drivers/host/h.ts",
  "src/extensions/macvlan/m.ts",
  "src/engine/g.ts",
  "src/engine/use-cases/u.ts",
  "src/engine/dry-run/d.ts",
  "src/engine/resources/resource-applier.ts",
  "src/engine/nat/nat-switch.ts",
  "src/engine/updates/u.ts",
  "src/kernel/host/h.ts",
  "src/names/own/o.ts",
  "src/names/serving/s.ts",
  "src/names/name-server.ts",
  "src/kernel/orphans/s.ts",
  "src/kernel/programs/p.ts",
  "src/kernel/k.ts",
  "src/agent/a.ts",
  "src/engine-api/carry-out.ts",
  "src/engine-api/http/h.ts",
  "src/engine-api/requests/q.ts",
  "src/engine-api/routes/r.ts",
  "src/page/serve.ts",
  "src/page/view/v.ts",
  "src/cluster/etcd/e.ts",
  "src/cluster/records/r.ts",
  "src/presenters/p.ts",
  "src/adapters/netavark/n.ts",
  "src/hosts/netavark/n.ts",
  "src/cli/c.ts",
  "src/composition/c.ts",
  "test/t.ts",
];

const root = mkdtempSync(join(tmpdir(), "tsd-walls-"));
afterAll(() => rmSync(root, { recursive: true }));

function write(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, tree, file)), { recursive: true });
  writeFileSync(join(root, tree, file), text);
}

function check(tree: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(
    resolve("script/with-node"),
    ["node", "script/walls/check-walls.ts", join(root, tree)],
    {
      encoding: "utf8",
      env: { PATH: process.env.PATH, NO_COLOR: "1" },
    },
  );
  return { status, output: stdout + stderr };
}

describe("a tree with a violation of each rule", () => {
  let result: ReturnType<typeof check>;
  beforeAll(() => {
    for (const file of targets) write("bad", file, "export {};\n");
    for (const [, file, imported] of violations) write("bad", file, `export * from "${imported}";\n`);
    write("bad", "src/engine/e.ts", 'export * from "./d.js";\n');
    write("bad", "src/engine/lonely.ts", "export {};\n");
    result = check("bad");
  });

  test("is refused", () => expect(result.status).not.toBe(0));

  test.each(violations)("%s bites %s", (rule, file) => {
    expect(result.output).toContain(`error ${rule}: ${file.replace(/\.ts$/, ".js")}`);
  });

  test("no-orphan bites a file that nobody imports", () => {
    expect(result.output).toContain("error no-orphan: src/engine/lonely.js");
  });

  test("every rule has its violation here", async () => {
    const { default: config } = await import(resolve(".dependency-cruiser.mjs"));
    const rules: readonly { readonly name: string; readonly comment: string }[] = config.forbidden;
    const proved = new Set([...violations.map(([rule]) => rule), "no-orphan"]);
    expect(rules.map(({ name }) => name).filter((name) => !proved.has(name))).toEqual([]);
    expect(rules.filter(({ comment }) => comment.length < 20)).toEqual([]);
  });
});

test("a tree that keeps to the arrows passes, back references at run time included", () => {
  write("good", "src/main.ts", 'import "./commands/a.js";\nexport {};\n');
  write(
    "good",
    "src/commands/a.ts",
    'import { Command } from "@oclif/core";\nexport const b = () => import("./b.js");\n',
  );
  write("good", "src/commands/b.ts", 'import type { T } from "../api/t.js";\nimport "./a.js";\nexport type { T };\n');
  write("good", "src/api/t.ts", "export type T = 1;\n");
  expect(check("good")).toMatchObject({ status: 0 });
});

test("every way to name a module is an import", () => {
  const source = `
    import "a"; import b from "b"; import type { C } from "c"; export * from "d"; export type { E } from "e";
    const f: import("f").F = await import("g"); using h = process.getBuiltinModule("h");
    class K { constructor(private readonly x: number) {} }
    // import "not";
    const text = 'import "neither"';`;
  expect(importsOf(source)).toEqual([
    ...["a", "b", "c", "d", "e", "f"].map((module) => ({ module, atRunTime: false })),
    ...["g", "h"].map((module) => ({ module, atRunTime: true })),
  ]);
});
