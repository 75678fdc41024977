import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import type { Drift } from "../../api/provider.js";
import type { Sysctl } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { errnoOf, fileError } from "../errno.js";
import { inNetns } from "./netns.js";

/**
 * Sets a kernel parameter by its file below /proc/sys, whose `net` shows the calling thread's namespace (proc_sys_net(5)):
 * the thread is in the resource's. One that cannot be written may have the value already.
 */
export function setSysctl(resource: Sysctl): void {
  const { key, value } = resource;
  try {
    write(key, value);
  } catch (error) {
    if (!isMoot(resource) && !isGone(resource) && !isSet(resource)) throw error;
  }
}

/**
 * Writes `restore` back where there is one. A parameter that is gone, with its link or its namespace, counts as removed; one
 * that another program has changed since stays, or has requested through another one.
 */
export function removeSysctl(resource: Sysctl): void {
  const { key, value, restore, unless } = resource;
  if (restore === undefined || normal(restore) === normal(value)) return;
  unlessGone(resource, () => {
    const isWantedStill = unless !== undefined && read(unless.key) === normal(unless.value);
    if (read(key) === normal(value) && !isWantedStill) write(key, restore);
  });
}

export function inspectSysctl(resource: Sysctl): Drift | undefined {
  const found = unlessGone(resource, () => (isMoot(resource) ? normal(resource.value) : read(resource.key)));
  if (found === undefined) return { resource, problem: "missing" };
  return found === normal(resource.value) ? undefined : { resource, problem: "different", found };
}

/** The words of sysctl(8). */
export function describeSysctl(verb: "ensure" | "remove", { netns, key, value, restore }: Sysctl): readonly string[] {
  const written = verb === "ensure" ? value : restore;
  if (written === undefined) return [];
  const command = `sysctl -w ${key}=${/\s/.test(written) ? `"${written}"` : written}`;
  return [netns === undefined ? command : `nsenter --net=${netns} ${command}`];
}

function inside<T>({ netns }: Sysctl, work: () => T): T {
  return netns === undefined ? work() : inNetns(netns, work);
}

/** Undefined where the parameter or its namespace does not exist. */
function unlessGone<T>(resource: Sysctl, work: () => T): T | undefined {
  try {
    return inside(resource, work);
  } catch (error) {
    if (TsdError.is(error) && (error.details.errno === "ENOENT" || error.code.startsWith("TSD_NETNS_")))
      return undefined;
    throw error;
  }
}

/** IPv6 is off for a link that has none to switch off: the kernel lacks it, or the link's MTU is too small for it. */
function isMoot({ key, value }: Sysctl): boolean {
  return key.endsWith("/disable_ipv6") && normal(value) === "1" && !existsSync(pathOf(key));
}

/** A parameter of the host's, which goes with its interface and keeps nothing else from being made. */
function isGone({ key, restore }: Sysctl): boolean {
  return restore !== undefined && !existsSync(pathOf(key));
}

/** It has the value already. */
function isSet({ key, value }: Sysctl): boolean {
  return existsSync(pathOf(key)) && read(key) === normal(value);
}

function read(key: string): string {
  try {
    return normal(readFileSync(pathOf(key), "utf8"));
  } catch (error) {
    throw isAbsent(error) ? missing(key, error) : fileError("read kernel parameter", key, error);
  }
}

function write(key: string, value: string): void {
  const path = pathOf(key);
  try {
    boundaryOperation({ into: "sysctl", what: () => `${key} = ${value}` }, () =>
      writeFileSync(path, value, { flag: "r+" }),
    );
  } catch (error) {
    if (isAbsent(error)) throw missing(key, error);
    if (errnoOf(error) !== constants.errno.EINVAL) throw fileError("set kernel parameter", key, error);
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_SYSCTL_VALUE",
      message: `the kernel parameter ${key} does not take the value ${JSON.stringify(value)}`,
      details: { key, value },
      cause: error,
    });
  }
}

function isAbsent(error: unknown): boolean {
  return errnoOf(error) === constants.errno.ENOENT;
}

function missing(key: string, cause: unknown): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_SYSCTL_MISSING",
    message: `the kernel has no parameter ${key}`,
    hint: "See which it has: sysctl -a",
    details: { key, errno: "ENOENT" },
    cause,
  });
}

function pathOf(key: string): string {
  if (key.startsWith("net/") && !key.split("/").includes("..")) return `/proc/sys/${key}`;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SYSCTL_KEY",
    message: `${JSON.stringify(key)} is not a kernel parameter below net/`,
    details: { key },
  });
}

/** The kernel separates the numbers of a list by tabs and ends with a newline. */
function normal(value: string): string {
  return value.trim().split(/\s+/).join(" ");
}
