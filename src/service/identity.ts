import { readlinkSync } from "node:fs";
import { OWN_NETNS } from "../kernel/netns/netns.js";

/** What distinguishes a service from one that another version, host or installation has started. */
export function identityOf(version: string, root: string): string {
  return `${version} ${readlinkSync(OWN_NETNS)} ${root}`;
}
