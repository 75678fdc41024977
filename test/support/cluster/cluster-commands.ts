import { expect } from "@jest/globals";
import { eventually } from "../eventually.js";
import type { Namespace } from "../lab/namespace.js";
import type { ClusterLab } from "./cluster-lab.js";
import { pings } from "./pings.js";

/** What tests of a cluster type on its hosts, which are called by number. */
export interface ClusterCommands {
  tsd(number: number, ...words: readonly string[]): Promise<string>;
  /** Runs a container that sleeps. */
  run(number: number, name: string, ...flags: readonly string[]): Promise<string>;
  join(number: number, ...words: readonly string[]): Promise<string>;
  /** Makes a network of several hosts on the first one. */
  overlay(name: string, ...words: readonly string[]): Promise<string>;
  /** Addresses of a container on a network, of both families as far as it has them. */
  addressesOf(number: number, container: string, network: string): Promise<readonly string[]>;
}

export function clusterCommands(lab: () => ClusterLab): ClusterCommands {
  const tsd = (number: number, ...words: readonly string[]) => lab().host(number).mustTsd(words);
  return {
    tsd,
    run: (number, name, ...flags) => tsd(number, "run", "-d", "--name", name, ...flags, "busybox", "sleep", "600"),
    join: (number, ...words) => tsd(number, "cluster", "join", "--etcd", lab().etcd.urls, ...words),
    overlay: (name, ...words) => tsd(1, "network", "create", "--driver", "overlay", ...words, name),
    addressesOf: async (number, container, network) => {
      const of = `(index .NetworkSettings.Networks "${network}")`;
      const format = `{{${of}.IPAddress}} {{${of}.GlobalIPv6Address}}`;
      const text = await tsd(number, "inspect", "--format", format, container);
      return text.split(" ").filter((word) => word !== "" && word !== "<no value>");
    },
  };
}

/** Waits until a namespace gets replies from just these of the addresses. */
export async function reaches(
  from: Namespace,
  targets: readonly string[],
  expected: readonly string[] = targets,
): Promise<void> {
  await eventually(async () => expect(await pings(from, targets)).toEqual(expected.toSorted()));
}
