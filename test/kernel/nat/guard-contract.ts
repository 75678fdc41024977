import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Guard, NatBackend } from "../../../src/api/index.js";
import { addBridge, connect, ip } from "../../../src/testing/lab/topology.js";
import { END, endFrame, forgedFrames, honestFrames, other, own, tail } from "./guard-frames.js";

const script = fileURLToPath(new URL("../../support/lab/frames-process.mjs", import.meta.url));
const inside = (netns: string) => ["netns", "exec", netns, process.execPath, script];
const guard = (host: typeof own, link: string, owner: string): Guard => ({
  kind: "guard",
  owner: owner.repeat(64),
  bridge: "br-g",
  link,
  mac: host.mac,
  addresses: [host.ip4, host.ip6, host.local],
});
const guards = [guard(own, "v-g1", "1"), guard(other, "v-g2", "2")];

/** What a guard lets through, by frames that no kernel would send: `g1` says them, `g2` listens. */
export function describeGuard(name: string, makeBackend: () => NatBackend): void {
  describe(`guards under ${name}`, () => {
    const backend = makeBackend();

    beforeAll(() => {
      for (const netns of ["g1", "g2"]) ip(`netns add ${netns}`);
      addBridge("br-g", ["10.10.10.1/24", "fd00:a::1/64"]);
      for (const [netns, host] of [["g1", own] as const, ["g2", other] as const]) {
        connect(netns, { master: "br-g", addresses: [`${host.ip4}/24`, `${host.ip6}/64`] });
        ip(`-n ${netns} link set eth0 address ${host.mac}`);
      }
    });

    afterAll(async () => {
      await backend.purge();
      for (const link of ["br-g", "v-g1", "v-g2"]) ip(`link delete ${link}`);
      for (const netns of ["g1", "g2"]) ip(`netns delete ${netns}`);
    });

    test("without any, every frame arrives", async () => {
      expect(await arrivals()).toEqual(Object.keys({ ...honestFrames, ...forgedFrames }));
    });

    test("honest frames arrive, forged ones do not", async () => {
      await backend.ensure(guards);
      expect(await arrivals()).toEqual(Object.keys(honestFrames));
    });

    test("without them again, every frame arrives", async () => {
      await backend.remove(guards);
      expect(await arrivals()).toEqual(Object.keys({ ...honestFrames, ...forgedFrames }));
    });
  });
}

/** Names of the frames that g2 saw of all that g1 sent. A last honest frame says that no more will come. */
async function arrivals(): Promise<readonly string[]> {
  const listener = spawn("ip", [...inside("g2"), "listen", "eth0", END], { stdio: ["ignore", "pipe", "inherit"] });
  const seen: string[] = [];
  const ready = listen(listener, seen);
  await ready;
  const frames = { ...honestFrames, ...forgedFrames };
  execFileSync("ip", [...inside("g1"), "send", "eth0", ...Object.values(frames), endFrame]);
  const [code] = await once(listener, "close");
  expect(code).toBe(0);
  return Object.entries(frames).flatMap(([name, frame]) =>
    seen.some((each) => each.endsWith(tail(frame))) ? name : [],
  );
}

/** Settles once the listener listens; what it hears goes to `seen`. */
function listen(listener: ChildProcess, seen: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    if (listener.stdout === null) throw new Error("the listener has no voice");
    listener.once("error", reject);
    createInterface(listener.stdout).on("line", (line) => {
      if (line === "ready") resolve();
      else seen.push(line);
    });
  });
}
