import { resolve } from "node:path";
import type { Namespace } from "../lab/namespace.js";
import type { Program } from "../lab/program.js";

const program = resolve("test/support/cluster/flow-process.mjs");
const LIFE = 600_000;
const PORT = 4000;

export interface FlowResult {
  /** Datagrams, one every ten milliseconds. */
  readonly sent: number;
  readonly lost: number;
  /** Milliseconds. */
  readonly longestSilence: number;
}

/** Datagrams that go to and fro between two namespaces all the time, and are counted. */
export class Flow {
  private constructor(
    private readonly server: Program,
    private readonly client: Program,
  ) {}

  /** Starts one; resolves once the first datagram has come back. */
  static async start(from: Namespace, to: Namespace, address: string, port = PORT): Promise<Flow> {
    const server = to.start([process.execPath, program, "serve", String(port)], { timeout: LIFE });
    await server.saying("ready");
    const client = from.start([process.execPath, program, "send", address, String(port)], { timeout: LIFE });
    await client.saying("ready");
    return new Flow(server, client);
  }

  async stop(): Promise<FlowResult> {
    this.client.write("stop\n");
    const { stdout } = await this.client.ended;
    this.server.kill("SIGKILL");
    await this.server.ended;
    return JSON.parse(stdout.replace("ready\n", "")) as FlowResult;
  }
}
