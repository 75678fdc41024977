import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { isEmulated } from "./emulation.js";
import { Host } from "./host.js";
import { Namespace } from "./namespace.js";
import { mustRun, runProgram } from "./program.js";
import { forgetPowerCut, powerCut } from "./reboot.js";
import { residue } from "./residue.js";

/**
 * Addresses of the lab. The host and a machine of the internet share a wire; the server is one hop behind that machine.
 * The internet knows no way back to what is behind the host. Documentation ranges: RFC 5737, RFC 3849.
 */
export const addresses = {
  host: "198.51.100.2",
  internet: "198.51.100.1",
  server: "203.0.113.9",
  host6: "2001:db8:51::2",
  internet6: "2001:db8:51::1",
  server6: "2001:db8:113::9",
} as const;

/** Name of the host's interface towards the internet. */
export const uplink = "uplink0";

/** A world of two machines, in namespaces of the test's own. */
export interface Lab {
  readonly host: Host;
  readonly internet: Namespace;
  /** Takes the present state as what {@link Lab.residue} measures from; openLab does so at its end. */
  settle(): Promise<void>;
  /** What is there, or not there, unlike at the last `settle`, after `patience` ms for it to go (5000); see residue.ts. */
  residue(patience?: number): Promise<readonly string[]>;
  /** Cuts the host's power; it comes back with a new network namespace in which nobody has done anything. */
  reboot(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a lab, for good: see {@link useLab}. The process must be in namespaces of its own, as script/test makes them. */
export async function openLab(): Promise<Lab> {
  await enterLab();
  const number = randomBytes(4).toString("hex");
  const [hostName, internetName] = [`host-${number}`, `internet-${number}`];
  const host = await Host.createHost(hostName);
  const internet = await Namespace.create(internetName);
  await internet.ip(`address add ${addresses.server}/32 dev lo`, `address add ${addresses.server6}/128 dev lo`);
  await wire(host, internet, internetName);
  let before = await residue(host);
  return {
    host,
    internet,
    settle: async () => {
      before = await residue(host);
    },
    residue: (patience = 5000) => remaining(host, before, patience),
    reboot: async () => {
      await powerCut(host);
      await mustRun(["ip", "netns", "delete", hostName]);
      // The kernel takes the wire away with the namespace, in its own time.
      await internet.mustRun([
        "sh",
        "-c",
        "for i in $(seq 500); do ip link show dev wan0 >/dev/null 2>&1 || exit 0; sleep 0.02; done; exit 1",
      ]);
      await Namespace.create(hostName);
      await wire(host, internet, internetName);
    },
    close: async () => {
      await forgetPowerCut();
      await host.removeState();
      await mustRun(["ip", "netns", "delete", hostName]);
      await mustRun(["ip", "netns", "delete", internetName]);
      // `ip` mounted it over itself; where another's namespaces are below, it stays for them.
      await runProgram(["umount", "--quiet", "/run/netns"]);
    },
  };
}

/** Joins the two by a wire, with addresses and routes at both ends. */
async function wire(host: Host, internet: Namespace, internetName: string): Promise<void> {
  await host.ip(`link add ${uplink} type veth peer name wan0 netns ${internetName}`);
  await forgoDetection(host, uplink);
  await forgoDetection(internet, "wan0");
  await host.ip(
    `address add ${addresses.host}/24 dev ${uplink}`,
    `address add ${addresses.host6}/64 dev ${uplink}`,
    `link set ${uplink} up`,
  );
  await internet.ip(
    `address add ${addresses.internet}/24 dev wan0`,
    `address add ${addresses.internet6}/64 dev wan0`,
    "link set wan0 up",
  );
  await host.ip(`route add default via ${addresses.internet}`, `route add ::/0 via ${addresses.internet6}`);
  // IPv6 starts on a wire once the kernel's link watch has seen its carrier, which may take it a second.
  await host.mustRun(["ping", "-6", "-q", "-c", "1", "-i", "0.2", "-w", "5", addresses.internet6]);
}

/** Gives the calling file one lab for all its tests, and proves at the end that nothing is left. */
export function useLab(): () => Lab {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(async () => {
    const left = await lab.residue();
    await lab.close();
    expect(left).toEqual([]);
  });
  return () => lab;
}

/** Addresses of the wire are in use at once, not after the second that duplicate address detection takes (RFC 4862). */
async function forgoDetection(namespace: Namespace, link: string): Promise<void> {
  await namespace.mustRun(["sysctl", "--quiet", "--write", `net.ipv6.conf.${link}.accept_dad=0`]);
}

/**
 * Lines that are new, and with `missing` before them lines that are gone; not cgroups, which the whole machine shares, so
 * that another's may have been there at first.
 */
async function difference(host: Host, before: readonly string[]): Promise<readonly string[]> {
  const after = await residue(host);
  const gone = before.filter((line) => !after.includes(line) && !line.startsWith("cgroup "));
  return [...after.filter((line) => !before.includes(line)), ...gone.map((line) => `missing ${line}`)];
}

/** Waits for the kernel, which takes a dropped namespace apart in its own time. */
async function remaining(host: Host, before: readonly string[], patience: number): Promise<readonly string[]> {
  const deadline = Date.now() + patience;
  let left = await difference(host, before);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = await difference(host, before);
  }
  return left;
}

/**
 * Makes sure that the process is in namespaces of its own: jest is then process 1, and mounts do not spread. Gives it a
 * /run of its own where it has none.
 */
export async function enterLab(): Promise<void> {
  if (isEmulated) return;
  const first = readFileSync("/proc/1/cmdline", "utf8");
  const propagation = await mustRun(["findmnt", "--noheadings", "--output", "PROPAGATION", "/"]);
  if (!first.includes("jest") || propagation.trim() !== "private") {
    throw new Error("kernel and CLI tests need namespaces of their own: run script/test, or see CONTRIBUTING.md");
  }
  const run = await runProgram(["findmnt", "--noheadings", "--output", "FSTYPE", "--mountpoint", "/run"]);
  if (run.stdout.trim() !== "tmpfs") await mustRun(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
}
