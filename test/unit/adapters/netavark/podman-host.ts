import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNetavark } from "../../../../src/adapters/netavark/run-netavark.js";
import type { AttachSpec, Endpoint, Tsd } from "../../../../src/api/index.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

/** A machine on which podman calls netavark: tsd over a kernel of memory, and a directory of podman's. */
export class PodmanHost implements Disposable {
  readonly world = new World();
  /** What `--config` names. */
  readonly config = mkdtempSync(join(tmpdir(), "netavark-"));
  /** How often aardvark-dns was started. */
  readonly started: string[] = [];
  readonly namespaces = new Set<string>(foreignNamespaces);
  /** Exit code of aardvark-dns. */
  nameServerExit = 0;
  private readonly aardvark = join(this.config, "aardvark");

  constructor() {
    writeFileSync(this.aardvark, "");
  }

  /** Returns what it wrote to standard output, and its exit code. */
  async call(words: readonly string[], input: unknown = "", options: { readonly aardvark?: boolean } = {}) {
    let stdout = "";
    const flags = ["--config", this.config, "--rootless=false"];
    const names = options.aardvark === false ? "--aardvark-binary=" : `--aardvark-binary=${this.aardvark}`;
    const code = await runNetavark([...flags, names, ...words], {
      open: () => this.open(),
      startDaemon: async (...argv) => {
        this.started.push(argv.flat().join(" ").replaceAll(this.config, "CONFIG"));
        return this.nameServerExit;
      },
      read: () => (typeof input === "string" ? input : JSON.stringify(input)),
      exists: (path) => this.namespaces.has(path),
      writeOut: (text) => {
        stdout += text;
      },
      writeError: () => undefined,
      links: () => ["lo", "podman1"],
      env: {},
      version: "1.2.3",
    });
    return { code, stdout, result: stdout === "" ? undefined : JSON.parse(stdout) };
  }

  /** Without `loopback`: what becomes of it stands in no row, so that rows and kernel would differ. */
  private async open(): Promise<Tsd> {
    const { networks, endpoints } = await this.world.command();
    const attach = ({ loopback: _loopback, ...spec }: AttachSpec): Promise<Endpoint> => endpoints.attach(spec);
    return {
      networks,
      endpoints: { attach, detach: (ref: string) => endpoints.detach(ref), list: () => endpoints.list() },
      [Symbol.dispose]: () => undefined,
    } as unknown as Tsd;
  }

  /** Files of aardvark-dns by name. */
  names(): Readonly<Record<string, string>> {
    const directory = join(this.config, "aardvark-dns");
    return Object.fromEntries(
      readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]),
    );
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
    rmSync(this.config, { recursive: true });
  }
}
