import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "./host.js";
import { Overlaid } from "./overlaid.js";
import type { Program } from "./program.js";

/** Debian's registry and skopeo (script/registry), as if they were installed on a host. */
export class LabRegistry {
  /** By which the host reaches it. */
  readonly address = "127.0.0.1:5000";

  private constructor(
    private readonly unpacked: Overlaid,
    private readonly program: Program,
    /** For files of tests, too. */
    readonly directory: string,
  ) {}

  static async start(host: Host): Promise<LabRegistry> {
    const directory = mkdtempSync(join(tmpdir(), "registry-"));
    mkdirSync(`${directory}/files`);
    writeFileSync(
      `${directory}/config.yml`,
      `version: 0.1\nstorage: {filesystem: {rootdirectory: ${directory}/files}}\nhttp: {addr: "127.0.0.1:5000"}\n`,
    );
    const unpacked = await Overlaid.install(host, "registry");
    const program = unpacked.start(["docker-registry", "serve", `${directory}/config.yml`]);
    const listening = "for i in $(seq 600); do busybox nc 127.0.0.1 5000 </dev/null && exit; sleep 0.1; done; exit 1";
    await host.mustRun(["sh", "-c", listening], { timeout: 100_000 });
    return new LabRegistry(unpacked, program, directory);
  }

  skopeo(...words: readonly string[]): Promise<string> {
    return this.unpacked.mustRun(["skopeo", "--insecure-policy", ...words]);
  }

  /** Puts an image of an archive of `docker save` into it. */
  async push(archive: string, name: string, repository: string): Promise<void> {
    const from = `docker-archive:${archive}:docker.io/library/${name}`;
    await this.skopeo("copy", "--dest-tls-verify=false", from, `docker://${this.address}/${repository}`);
  }

  async remove(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.ended;
    await this.unpacked.remove();
    rmSync(this.directory, { recursive: true });
  }
}
