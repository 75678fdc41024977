import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { useTsdLab } from "../cli/tsd-lab.js";
import { Agent } from "../support/faults/agent.js";
import { Namespace } from "../support/lab/namespace.js";
import type { Output } from "../support/lab/program.js";

const lab = useTsdLab();
const plugin = "test/support/ipam/file-ipam.mjs";
/** 128 + SIGKILL. */
const KILLED = 137;

test("an IPAM driver holds nothing in the end, wherever tsd is killed in the life of a network and an endpoint", async () => {
  const { host } = lab();
  await Namespace.create("mine");
  const dir = `${host.root}/ledger`;
  mkdirSync(dir);
  const life = [
    ["networks", "create", { name: "n", ipam: { driver: "file", options: { dir } } }],
    ["endpoints", "attach", { network: "n", netns: "/run/netns/mine" }],
    ["networks", "disconnect", "netns:mine", "n"],
    ["networks", "remove", "n"],
  ].map(([area, method, ...args]) => `${JSON.stringify({ area, method, args })}\n`);
  const liveUntil = (at: number): Promise<Output> =>
    host.run(
      [
        process.execPath,
        resolve("test/support/faults/agent-process.mjs"),
        resolve("dist/library.cjs"),
        resolve(plugin),
      ],
      {
        input: life.join(""),
        env: {
          ...{ PATH: process.env.PATH ?? "", TSD_ROOT: host.root, TSD_RUN: host.runDirectory },
          ...{ NODE_OPTIONS: `--import=${resolve("test/support/faults/kill-at.mjs")}`, TSD_TEST_KILL_AT: String(at) },
        },
      },
    );
  await using next = new Agent(host, plugin);
  let kills = 0;
  // Between the end of one step and the beginning of the next nothing happens outside.
  for (let at = 0; (await liveUntil(at)).code === KILLED; at += 2) {
    kills += 1;
    const endpoints = (await next.call(["endpoints", "list"])) as readonly { readonly id: string }[];
    const networks = ((await next.call(["networks", "list"])) as readonly { readonly name: string }[]).filter(
      ({ name }) => name === "n",
    );
    expect(readdirSync(dir)).toHaveLength(networks.length + endpoints.length);
    for (const { id } of endpoints) await next.call(["endpoints", "detach", id]);
    for (const { name } of networks) await next.call(["networks", "remove", name]);
    expect(readdirSync(dir)).toEqual([]);
  }
  expect(kills).toBeGreaterThan(30);
  rmSync(dir, { recursive: true });
  await host.mustRun(["ip", "netns", "delete", "mine"]);
}, 600_000);
