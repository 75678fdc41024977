import { resolve } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { useTsdLab } from "../cli/tsd-lab.js";
import { preloading } from "../support/faults/preloading.js";

const lab = useTsdLab();
const preload = resolve("test/support/faults/take-name.mjs");
/** 128 + SIGKILL. */
const KILLED = 137;

const veth = "veth peer name other0";
const host = "driver-opt=host_ifname=port0";
const cases: readonly (readonly [type: string, words: readonly string[]])[] = [
  [veth, ["run", "-d", "--net", `name=a,${host}`, "-p", "8080:80", "busybox", "sleep", "60"]],
  [veth, ["network", "connect", "--driver-opt", "host_ifname=port0", "b", "web"]],
  ["bridge", ["network", "connect", "--driver-opt", "host_ifname=port0", "b", "netns:/proc/self/ns/net"]],
  ["bridge", ["network", "create", "--subnet", "10.82.0.1/24", "-o", "name=port0", "c"]],
  [veth, ["network", "create", "--subnet", "10.82.0.1/24", "-o", "name=port0", "c"]],
];

beforeAll(async () => {
  const machine = lab().host;
  await machine.mustTsd(["network", "create", "--subnet", "10.80.0.1/24", "a"]);
  await machine.mustTsd(["network", "create", "--subnet", "10.81.0.1/24", "b"]);
  await machine.mustTsd(["run", "-d", "--name", "web", "--net", "a", "busybox", "sleep", "600"]);
  await lab().settle();
});

test.each(cases)(
  "a %s that takes the name under way is there after the refusal of %j, wherever that is killed",
  async (type, words) => {
    const machine = lab().host;
    let at = 0;
    // From the end of a step to the beginning of the next nothing happens outside.
    for (let code = KILLED; code === KILLED; at += 2) {
      const env = {
        ...preloading(preload),
        TSD_TEST_TAKE: "port0",
        TSD_TEST_TAKE_AS: type,
        TSD_TEST_KILL_AT: String(at),
      };
      const ended = await machine.tsd(words, { env });
      code = ended.code;
      if (code !== KILLED) expect(ended.stderr).toContain("the link port0 exists already");
      await machine.mustTsd(["ps"]);
      await machine.mustTsd(["gc"]);
      await machine.ip("link delete port0");
      expect(await lab().residue()).toEqual([]);
    }
    expect(at).toBeGreaterThan(4);
  },
  300_000,
);

test("all goes at the end", async () => {
  await lab().host.mustTsd(["rm", "-f", "web"]);
  await lab().host.mustTsd(["network", "rm", "a", "b"]);
  await lab().settle();
});
