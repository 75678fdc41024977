import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeAll, expect } from "@jest/globals";
import type { ContainerDetails } from "../../src/api/index.js";
import type { TsdLabOptions } from "../cli/tsd-lab.js";
import { Agent } from "../support/faults/agent.js";
import { type Lab, openLab } from "../support/lab/lab.js";
import { processResidue } from "../support/lab/process-residue.js";

/** The lab in the virtual machine, and the library on its host, by which most is done: each start of a program costs seconds. */
export interface Guest extends Lab {
  readonly library: Agent;
}

/** One for all files, since to make it takes half a minute; it ends with the virtual machine. */
let opening: Promise<Guest> | undefined;

/** Tables and chains of iptables come at the first use and never go. */
let priming: Promise<void> | undefined;

/**
 * Has an image "busybox", and what stays from the first use of both families on, with `iptables` also from that of the other
 * backend. After each test nothing else may be there.
 */
export function useGuest({ iptables = false }: TsdLabOptions = {}): () => Guest {
  let guest: Guest;
  beforeAll(async () => {
    opening ??= openGuest();
    guest = await opening;
    if (!iptables) return;
    priming ??= primeIptables(guest);
    await priming;
  });
  afterEach(async () => {
    const left = await guest.residue(120_000);
    if (left.length > 0) await clear(guest);
    expect(left.slice(0, 20)).toEqual([]);
  });
  return () => guest;
}

async function openGuest(): Promise<Guest> {
  const lab = await openLab();
  const library = new Agent(lab.host);
  await library.call(["images", "import", { from: resolve(".runtime/vm/busybox.tar") }, "busybox"]);
  await library.call(["networks", "create", { name: "first", ipv6: true }]);
  await library.call(["containers", "runDetached", { image: "busybox", name: "first", command: ["sleep", "600"] }]);
  await library.call(["containers", "remove", "first", { force: true }]);
  await library.call(["networks", "remove", "first"]);
  // Its supervisor calls for its release as well, which may take longer than the removal.
  while (processResidue(lab.host).some((line) => line.includes(" container release "))) await setTimeout(100);
  await lab.settle();
  return { ...lab, library };
}

/** What a test that failed has left is not the next one's fault. */
async function clear({ library, settle }: Guest): Promise<void> {
  await library.call(["system", "useNat", "nftables"]);
  const containers = (await library.call(["containers", "list", { all: true }])) as readonly ContainerDetails[];
  for (const { container } of containers) await library.call(["containers", "remove", container.id, { force: true }]);
  await library.call(["networks", "prune"]);
  await settle();
}

async function primeIptables({ library, settle }: Guest): Promise<void> {
  await library.call(["networks", "create", { name: "first", ipv6: true }]);
  for (const backend of ["iptables", "nftables"]) await library.call(["system", "useNat", backend]);
  await library.call(["networks", "remove", "first"]);
  await settle();
}
