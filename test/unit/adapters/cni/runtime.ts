import type { RunProgram } from "../../../../src/adapters/cni/delegate.js";
import { type Reply, serve } from "../../../../src/adapters/cni/serve.js";
import type { Tsd } from "../../../../src/api/index.js";
import { foreignNamespaces, type World } from "../../../support/engine/world.js";

export const netns = foreignNamespaces[0];

/** Variables of a call for container c1, with `CNI_PATH` where there are programs. */
export function variables(command: string, changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const attachment = { CNI_CONTAINERID: "c1", CNI_NETNS: netns, CNI_IFNAME: "eth0", CNI_ARGS: "" };
  return { CNI_COMMAND: command, ...attachment, CNI_PATH: "/nowhere:/bin", ...changes };
}

export const config = { cniVersion: "1.1.0", name: "net", type: "tsd", subnet: "10.5.0.0/24" };

export interface Outcome {
  readonly exitCode: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a plug-in prints is what tests look at.
  readonly json: any;
}

/** A runtime that calls the plug-in on a world, each time in a process of its own. */
export class Runtime {
  constructor(
    private readonly world: World,
    private readonly run: RunProgram = async () => "",
  ) {}

  async call(
    command: string,
    stdin: object | string,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const { stdout, exitCode } = await this.serve(variables(command, changes), stdin);
    return { exitCode, json: stdout === "" ? undefined : JSON.parse(stdout) };
  }

  serve(env: Readonly<Record<string, string>>, stdin: object | string): Promise<Reply> {
    const input = typeof stdin === "string" ? stdin : JSON.stringify(stdin);
    return serve({ env, input: () => input, open: () => this.open(), run: this.run });
  }

  private async open(): Promise<Tsd> {
    const { networks, endpoints } = await this.world.command();
    const system = { check: async () => this.drift, info: async () => ({ nat: this.nat }) };
    return { networks, endpoints, system, [Symbol.dispose]: () => undefined } as unknown as Tsd;
  }

  /** What `check` finds. */
  drift: unknown[] = [];
  /** What `info` says of the packet filter. */
  nat: { problem?: string } = {};
}
