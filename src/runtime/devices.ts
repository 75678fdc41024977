import { type BigIntStats, readdirSync, statSync } from "node:fs";
import type { Confinement, DeviceRequest } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { OciDevice, OciDeviceRule } from "./oci-config.js";

export interface GrantedDevices {
  readonly nodes: readonly OciDevice[];
  readonly rules: readonly OciDeviceRule[];
}

/**
 * The devices that a container is given, by their numbers at this moment, so that nothing depends on what their paths lead to
 * later. Throws `not-found` for a path of the host that does not exist, `invalid-input` for one that leads to no device.
 */
export function grantedDevices({ privileged, devices, deviceRules }: Confinement): GrantedDevices {
  const requests = privileged ? [{ source: "/dev", target: "/dev", access: "rwm" }, ...devices] : devices;
  const nodes = new Map<string, OciDevice>();
  const rules: OciDeviceRule[] = deviceRules.map((rule) => ({ allow: true, ...rule }));
  for (const request of requests) {
    for (const node of nodesOf(request)) {
      nodes.set(node.path, node);
      const { type, major, minor } = node;
      if (!privileged) rules.push({ allow: true, type, major, minor, access: request.access });
    }
  }
  return { nodes: [...nodes.values()], rules };
}

function nodesOf({ source, target }: DeviceRequest): readonly OciDevice[] {
  const facts = statSync(source, { bigint: true, throwIfNoEntry: false });
  if (facts === undefined) throw missing(source);
  if (!facts.isDirectory()) return [deviceOf(facts, target) ?? refuse(source, "is no device, but a file")];
  const found = below(source, target, 0);
  return found.length > 0 ? found : refuse(source, "is a directory without devices");
}

/** Levels of directories below a directory of devices; /dev has three. */
const DEPTH = 6;
/** More is no directory of devices. */
const MOST = 4096;

/** What a container has of its own, or cannot share: as docker leaves it out. */
const own = new Set(["pts", "shm", "fd", "mqueue", "console", "ptmx", "tty", ".lxc", ".lxd-mounts", ".udev"]);

/** Symbolic links below a directory are left out, since they lead to nodes that are there too, or out of it. */
function below(source: string, target: string, depth: number): readonly OciDevice[] {
  const found: OciDevice[] = [];
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [`${source}/${entry.name}`, `${target}/${entry.name}`];
    if (own.has(entry.name) && depth === 0) continue;
    if (entry.isDirectory() && depth < DEPTH) found.push(...below(from, to, depth + 1));
    if (!entry.isBlockDevice() && !entry.isCharacterDevice()) continue;
    const facts = statSync(from, { bigint: true, throwIfNoEntry: false });
    const device = facts === undefined ? undefined : deviceOf(facts, to);
    if (device !== undefined) found.push(device);
    if (found.length > MOST) refuse(source, `has more than ${MOST} devices`);
  }
  return found;
}

/** Undefined for what is no device. */
function deviceOf(facts: BigIntStats, path: string): OciDevice | undefined {
  if (!facts.isBlockDevice() && !facts.isCharacterDevice()) return undefined;
  const type = facts.isBlockDevice() ? "b" : "c";
  const { major, minor } = numbersOf(facts.rdev);
  return {
    ...{ type, path, major, minor },
    fileMode: Number(facts.mode & 0o777n),
    uid: Number(facts.uid),
    gid: Number(facts.gid),
  };
}

/** As gnu_dev_major(3) and gnu_dev_minor(3). */
function numbersOf(device: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)),
    minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
  };
}

function missing(source: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_DEVICE_MISSING",
    message: `--device ${source}: this host has no such device`,
    hint: "Check the spelling, or load the module that makes it: modprobe tun makes /dev/net/tun.",
    details: { source },
  });
}

function refuse(source: string, why: string): never {
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DEVICE_INVALID",
    message: `--device ${source} ${why}`,
    hint: `Name a device, or a directory of them; to show a file or a directory in the container write -v ${source}:${source}.`,
    details: { source },
  });
}
