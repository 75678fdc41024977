import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { endOf } from "../support/lab/process-end.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const sleep = ["busybox", "sleep", "600"];

const tsd = (...words: readonly string[]): Promise<string> => lab().host.mustTsd(words);
const run = (name: string, ...flags: readonly string[]): Promise<string> =>
  tsd("run", "-d", "--name", name, ...flags, ...sleep);

/** The addresses that `nslookup` prints for a name, or why it prints none. */
async function lookUp(container: string, name: string): Promise<string> {
  const { stdout, stderr } = await lab().host.tsd(["exec", container, "timeout", "3", "nslookup", "-type=a", name]);
  const [, ...found] = [...stdout.matchAll(/^Address:\s+(\S+)$/gm)].map(([, address]) => address);
  return found.length > 0 ? found.join(" ") : `${stdout}${stderr}`;
}

/** The process as it says itself. */
function resolver(): number {
  return JSON.parse(readFileSync(`${lab().host.runDirectory}/resolver/lock`, "utf8")).pid;
}

const check = async (): Promise<number> => (await lab().host.tsd(["check"])).code;

describe("containers on a network with names", () => {
  beforeAll(async () => {
    await tsd("network", "create", "--subnet", "10.91.0.1/24", "front");
    await tsd("network", "create", "--subnet", "10.92.0.1/24", "back");
  });

  test("have a resolver as long as they are on one, and go on without a resolver that dies until the next command", async () => {
    await run("plain");
    expect((await lab().host.run(["ls", `${lab().host.runDirectory}/resolver`])).code).not.toBe(0);
    const { host } = lab();
    const words = ["run", "-d", "--name", "db", "--net", "name=front,ip=10.91.0.9", ...sleep];
    await host.mustRun(["sh", "-c", 'ulimit -n 256; exec "$@"', "sh", resolve("bin/tsd"), ...words], {
      env: { TSD_ROOT: host.root, TSD_RUN: host.runDirectory, PATH: process.env.PATH ?? "" },
    });
    // Root may raise it where it has CAP_SYS_RESOURCE.
    const most = await host.mustRun(["sh", "-c", "ulimit -n 256; ulimit -n 65536 2> /dev/null; ulimit -n"]);
    expect(readFileSync(`/proc/${resolver()}/limits`, "utf8")).toMatch(
      new RegExp(`^Max open files +${most.trim()} +${most.trim()} `, "m"),
    );
    await run("web", "--net", "front");
    await run("guest", "--net", "container:web");
    for (const asking of ["web", "guest"]) expect(await lookUp(asking, "db")).toBe("10.91.0.9");

    await tsd("network", "connect", "back", "plain");
    await tsd("network", "connect", "--ip", "10.92.0.9", "back", "db");
    expect(await lookUp("plain", "db")).toBe("10.92.0.9");
    await tsd("network", "disconnect", "back", "plain");
    expect(await lookUp("plain", "db")).not.toContain("10.92.0.9");
    expect(await check()).toBe(0);

    for (const [signal, repair] of [
      ["SIGKILL", () => run("other", "--net", "front")],
      ["SIGSTOP", () => tsd("network", "connect", "back", "web")],
      ["SIGKILL", () => tsd("reload")],
    ] as const) {
      const former = resolver();
      process.kill(former, signal);
      if (signal === "SIGKILL") await endOf(former);
      expect(await tsd("exec", "web", "cat", "/etc/hosts")).toMatch(/^10\.91\.0\.9\s.*\bdb\b/m);
      expect(await tsd("ps")).toContain("web");
      expect(await check()).toBe(1);
      await repair();
      expect(resolver()).not.toBe(former);
      expect(await check()).toBe(0);
      expect(await lookUp("web", "db")).toContain("10.91.0.9");
    }

    process.kill(resolver(), "SIGSTOP");
    await tsd("rm", "-f", "db", "web", "guest", "other", "plain");
    await tsd("network", "rm", "front", "back");
    await removeDefaultNetwork(lab());
  });
});
