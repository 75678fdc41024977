import { describe, expect, test } from "@jest/globals";
import type { Endpoint, Forgotten } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { makeEndpoint } from "../presenters/samples.js";
import { runCommand } from "./run-command.js";

describe("network connect", () => {
  const scene = (endpoint: Endpoint | undefined) => {
    const asked: unknown[] = [];
    const connectMany = async (...args: readonly unknown[]): Promise<readonly (Endpoint | undefined)[]> => {
      asked.push(...args);
      return [endpoint];
    };
    return { asked, tsd: { networks: { connectMany } } };
  };

  test("asks for all that was said, and says nothing", async () => {
    const { asked, tsd } = scene(makeEndpoint());
    const line =
      "--ip 10.0.0.9 --ip6 fd00::9 --mac-address 02:00:00:00:00:09 --alias a --alias b --gw-priority 3 --driver-opt ifname=lan0 web www";
    const outcome = await runCommand("network connect", line.split(" "), { tsd });
    expect(outcome).toMatchObject({ stdout: "", stderr: "", error: undefined });
    expect(asked).toEqual([
      ["www"],
      {
        network: "web",
        address: "10.0.0.9",
        address6: "fd00::9",
        mac: "02:00:00:00:00:09",
        aliases: ["a", "b"],
        gatewayPriority: 3,
        options: { ifname: "lan0" },
      },
    ]);
  });

  test.each(["netns:lab", "netns:/run/netns/lab", "pid:4711"])(
    "of the namespace %s prints the addresses",
    async (target) => {
      const { asked, tsd } = scene(makeEndpoint({ addresses: ["10.10.10.2/24", "fd00::2/64"] }));
      const { stdout } = await runCommand("network connect", ["web", target], { tsd });
      expect(stdout).toBe("10.10.10.2/24\nfd00::2/64\n");
      expect(asked).toEqual([[target], { network: "web" }]);
    },
  );

  test.each([
    [makeEndpoint(), makeEndpoint()],
    [undefined, {}],
  ])("prints the endpoint with --json, or an object without fields where there is none yet", async (made, shown) => {
    const { stdout } = await runCommand("network connect", ["--json", "web", "www"], scene(made));
    expect(JSON.parse(stdout)).toEqual(shown);
  });

  test.each([
    ["--gw-priority high web www", '--gw-priority "high" is not a whole number'],
    ["--driver-opt ifname web www", '--driver-opt "ifname" is not a key and a value'],
  ])("%s is refused", async (line, message) => {
    const { error } = await runCommand("network connect", line.split(" "));
    expect(error).toMatchObject({ kind: "invalid-input", message });
  });
});

describe("network disconnect", () => {
  const absent = new TsdError({ kind: "not-found", code: "TSD_NOT_CONNECTED", message: "www is not on web" });
  const tsd = { networks: { disconnect: async (): Promise<Forgotten> => Promise.reject(absent) } };

  test("asks for it, and says nothing", async () => {
    const asked: unknown[] = [];
    const disconnect = async (...args: readonly unknown[]): Promise<Forgotten> => {
      asked.push(...args);
      return {};
    };
    const outcome = await runCommand("network disconnect", ["web", "netns:lab"], {
      tsd: { networks: { disconnect } },
    });
    expect(outcome).toMatchObject({ stdout: "", error: undefined });
    expect(asked).toEqual(["netns:lab", "web", { force: false }]);
  });

  test("of what is not connected is an error, but not with --force", async () => {
    expect((await runCommand("network disconnect", ["web", "www"], { tsd })).error).toMatchObject({
      kind: "not-found",
    });
    expect((await runCommand("network disconnect", ["-f", "web", "www"], { tsd })).error).toBeUndefined();
    expect((await runCommand("network disconnect", ["-f=false", "web", "www"], { tsd })).error).toBeDefined();
  });
});
