import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "@jest/globals";
import type { TsdLabOptions } from "../cli/tsd-lab.js";
import { Agent } from "../support/faults/agent.js";
import { type Lab, useLab } from "../support/lab/lab.js";

/** The lab in the virtual machine, and the library on its host, by which most is done: each start of a program costs seconds. */
export interface Guest extends Pick<Lab, "host" | "internet" | "residue" | "settle"> {
  readonly library: Agent;
}

/** Has an image "busybox", and what stays from the first use of both families on. After each test nothing else may be there. */
export function useGuest({ iptables = false }: TsdLabOptions = {}): () => Guest {
  const lab = useLab();
  let library: Agent;
  beforeAll(async () => {
    const { host, settle } = lab();
    await host.mustTsd(["image", "import", resolve(".runtime/vm/busybox.tar"), "busybox"]);
    library = new Agent(host);
    await library.call(["networks", "create", { name: "first", ipv6: true }]);
    await library.call(["containers", "runDetached", { image: "busybox", name: "first", command: ["sleep", "600"] }]);
    await library.call(["containers", "remove", "first", { force: true }]);
    if (iptables) for (const backend of ["iptables", "nftables"]) await library.call(["system", "useNat", backend]);
    await library.call(["networks", "remove", "first"]);
    await settle();
  });
  afterEach(async () => {
    expect(await lab().residue(30_000)).toEqual([]);
  });
  afterAll(() => library[Symbol.asyncDispose]());
  return () => ({ ...lab(), library });
}
