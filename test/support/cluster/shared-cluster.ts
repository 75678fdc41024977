import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "../faults/agent.js";
import { Machine } from "./machine.js";
import { addressOf, type Underlay } from "./underlay.js";

/** A machine, and the library on it. */
export interface SharedHost {
  readonly machine: Machine;
  readonly library: Agent;
  readonly address: string;
}

/**
 * Hosts of one cluster whose state is one file that all of them open, where etcd would take too long to start. Each is in the cluster
 * under its own name and address.
 */
export async function openSharedCluster(underlay: Underlay, count: number): Promise<readonly SharedHost[]> {
  const hosts: SharedHost[] = [];
  for (let number = 1; number <= count; number++) {
    // Not below /run, of which each has its own.
    const directory = mkdtempSync("/var/tmp/tsd-host-");
    for (const name of ["root", "run"]) mkdirSync(join(directory, name), { mode: 0o700 });
    const machine = await Machine.boot(`host${number}`, directory);
    await underlay.connect(machine, number);
    const first = hosts[0]?.machine ?? machine;
    if (machine !== first) symlinkSync(join(first.root, "cluster.db"), join(machine.root, "cluster.db"));
    const library = new Agent(machine);
    const address = addressOf(number);
    await library.call(["cluster", "join", { name: machine.name, address }]);
    hosts.push({ machine, library, address });
  }
  return hosts;
}
