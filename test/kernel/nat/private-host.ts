import { execFileSync } from "node:child_process";

/**
 * Gives the test a /run of its own. Throws where the network namespace has a device that is no kind of virtual one:
 * outside of `unshare -n -m` all that follows would change the machine.
 */
export function enterPrivateHost(): void {
  const links = JSON.parse(run("ip", "-d", "-j", "link")) as readonly Link[];
  const device = links.find(({ ifname, linkinfo }) => ifname !== "lo" && linkinfo?.info_kind === undefined);
  if (device !== undefined) throw new Error(`run this in unshare -n -m: ${device.ifname} belongs to the machine`);
  run("mount", "-t", "tmpfs", "tmpfs", "/run");
}

export function leavePrivateHost(): void {
  run("umount", "-l", "/run");
}

interface Link {
  readonly ifname: string;
  readonly linkinfo?: { readonly info_kind?: string };
}

/** The answer of a program, or its failure. */
export function run(file: string, ...args: readonly string[]): string {
  return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 27 });
}
