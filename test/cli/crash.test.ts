import { expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** Commands that change something, on a host with the networks "a" and "b", and mostly a container "web" on "a". */
const commands: Readonly<Record<string, readonly string[]>> = {
  "network create": ["network", "create", "c"],
  run: ["run", "-d", "--name", "other", "--net", "a", "-p", "9000-9009:9000-9009", "busybox", "sleep", "60"],
  "run in the same network": ["run", "-d", "--name", "other", "--net", "container:web", "busybox", "sleep", "60"],
  connect: ["network", "connect", "--ip", "10.81.0.9", "b", "web"],
  disconnect: ["network", "disconnect", "a", "web"],
  "port add": ["port", "add", "web", "8443:443", "5353:53/udp"],
  "port rm": ["port", "rm", "web", "80"],
  stop: ["stop", "-t", "0", "web"],
  "rm -f": ["rm", "-f", "web"],
  "nat use": ["nat", "use", "iptables"],
  prune: ["network", "prune", "--force"],
};

/** Moments of the kill, in ms after the start; a command takes some 50 to 150. */
const moments = [45, 60, 75, 95, 120];

test.each(Object.keys(commands))(
  "%s is killed at several moments, and the next command makes it good",
  async (name) => {
    const { host } = lab();
    // iptables keeps its own tables for ever, and a switch makes none of nftables' until a network needs it.
    if (name === "nat use") {
      for (const backend of ["iptables", "nftables"]) {
        await host.mustTsd(["nat", "use", backend]);
        await host.mustTsd(["network", "create", "first"]);
        await host.mustTsd(["network", "rm", "first"]);
      }
      await lab().settle();
    }
    for (const moment of moments) {
      for (const [network, subnet] of [
        ["a", "10.80.0.1/24"],
        ["b", "10.81.0.1/24"],
      ] as const) {
        await host.mustTsd(["network", "create", "--subnet", subnet, network]);
      }
      await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "-p", "8080:80", "busybox", "sleep", "60"]);
      const doomed = host.startTsd(commands[name] ?? []);
      await new Promise((resolve) => setTimeout(resolve, moment));
      doomed.kill("SIGKILL");
      await doomed.ended;
      await host.mustTsd(["ps"]);
      expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
      const names = (await host.mustTsd(["ps", "-a", "--format", "{{.Names}}"])).split("\n").filter(Boolean);
      if (names.length > 0) await host.mustTsd(["rm", "-f", ...names]);
      await host.mustTsd(["network", "prune", "--force"]);
      if (name === "nat use") {
        await host.mustTsd(["nat", "use", "nftables"]);
        await host.mustTsd(["network", "create", "last"]);
        await host.mustTsd(["network", "rm", "last"]);
      }
      expect(await lab().residue()).toEqual([]);
    }
  },
  60_000,
);
