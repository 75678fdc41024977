import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Namespace } from "../lab/namespace.js";
import type { Program } from "../lab/program.js";

/** Milliseconds. */
const LIFE = 1_200_000;

/** What tcpdump(8) writes down of one link. */
export class WireCapture {
  private constructor(
    private readonly namespace: Namespace,
    private readonly path: string,
    private readonly program: Program,
  ) {}

  /** Into a file of `directory`. */
  static async start(namespace: Namespace, link: string, directory: string): Promise<WireCapture> {
    const path = join(directory, `${link}.pcap`);
    const argv = ["tcpdump", "--immediate-mode", "-U", "-Z", "root", "-n", "-i", link, "-w", path];
    const program = namespace.start(["sh", "-c", 'exec "$@" 2>&1', "sh", ...argv], { timeout: LIFE });
    await program.saying("listening on");
    return new WireCapture(namespace, path, program);
  }

  /** Once settled, all is in the file. */
  async stop(): Promise<void> {
    this.program.kill("SIGINT");
    await this.program.ended;
  }

  /** Whether some packet has these octets. */
  has(octets: Buffer): boolean {
    return readFileSync(this.path).includes(octets);
  }

  /** Packets that match a filter of pcap-filter(7), a line each. */
  async packets(filter: string): Promise<readonly string[]> {
    const argv = ["sh", "-c", 'tcpdump -n -r "$1" "$2" 2>/dev/null', "sh", this.path, filter];
    return (await this.namespace.mustRun(argv)).split("\n").filter((line) => line !== "");
  }
}
