import { rmSync } from "node:fs";
import { afterEach, beforeAll, expect } from "@jest/globals";
import { Agent, type Call } from "../support/faults/agent.js";
import { makeBusyboxTar } from "../support/lab/busybox.js";
import type { Host } from "../support/lab/host.js";
import { type Lab, useLab } from "../support/lab/lab.js";
import { Namespace } from "../support/lab/namespace.js";

export interface TsdLabOptions {
  /** Its rules were iptables' for a while, whose own tables come at the first use and never go. */
  readonly iptables?: boolean;
  /** Tests share what the first of them makes, and the last looks itself at what is left. */
  readonly shared?: boolean;
}

/**
 * A lab whose host has run tsd before: an image `busybox`, and what stays from the first use on, which is directories, the
 * constant rules, and choices for good. After each test nothing else may be there, unless tests share things.
 */
export function useTsdLab({ iptables = false, shared = false }: TsdLabOptions = {}): () => Lab {
  const lab = useLab();
  beforeAll(async () => {
    const { host } = lab();
    const tar = `${host.root}/busybox.tar`;
    await makeBusyboxTar(tar);
    await host.mustTsd(["image", "import", tar, "busybox"]);
    await host.mustTsd(["run", "--rm", "--publish", "1:1", "busybox", "true"]);
    await useFor(host, [
      ["networks", "create", { name: "first", ipv6: true }],
      ...(iptables ? ["iptables", "nftables"] : []).map((backend): Call => ["system", "useNat", backend]),
      ["networks", "remove", "first"],
      ["volumes", "create", { name: "first" }],
      ["volumes", "remove", "first"],
      ["system", "init", { bridge: "none" }, { reset: true }],
      ["system", "init", {}, { reset: true }],
      // crun makes a directory of its own, if only to say its version.
      ["system", "info"],
    ]);
    await lab().settle();
  });
  afterEach(async () => {
    if (!shared) expect(await lab().residue()).toEqual([]);
  });
  return lab;
}

/** In one process, which is over then. */
async function useFor(host: Host, calls: readonly Call[]): Promise<void> {
  await using agent = new Agent(host);
  await agent.calls(calls);
}

/** It is there from the first use on, and goes by the settings alone, which are the defaults again after that. */
export async function removeDefaultNetwork({ host }: Lab): Promise<void> {
  await host.mustTsd(["system", "init", "--reset", "--bridge", "none"]);
  await host.mustTsd(["system", "init", "--reset"]);
}

/** What `tsd inspect` says of a container, as far as tests ask. */
export interface Inspected {
  readonly Id: string;
  readonly State: { readonly Pid: number; readonly Status: string; readonly ExitCode: number };
  readonly NetworkSettings: {
    readonly IPAddress: string;
    readonly Gateway: string;
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
  };
}

export async function inspect(lab: Lab, container: string): Promise<Inspected> {
  const [only] = JSON.parse(await lab.host.mustTsd(["inspect", container])) as readonly Inspected[];
  if (only === undefined) throw new Error(`tsd inspect ${container} answered an empty list`);
  return only;
}

/** The network namespace of a running container. */
export async function namespaceOf(lab: Lab, container: string): Promise<Namespace> {
  return Namespace.of((await inspect(lab, container)).State.Pid);
}

/** Waits for what share/hooks/tsd-follow started, and takes its locks away. */
export async function settleHook({ host }: Lab): Promise<void> {
  await host.mustRun(["flock", "/run/tsd-follow.working", "true"]);
  for (const name of ["waiting", "working"]) rmSync(`/run/tsd-follow.${name}`, { force: true });
}
