import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { type NameEntry, type NameNetwork, withEntry, withoutEntry, withServers } from "./aardvark-config.js";

interface NameNetworkFile extends NameNetwork {
  readonly name: string;
  /** aardvark-dns asks no other nameserver for containers on internal networks, whose files end in `%int`. */
  readonly internal: boolean;
}

/**
 * aardvark-dns, which podman brings: it resolves the names of containers for each other. It reads a file for each
 * network, again at SIGHUP, and ends when it finds none. Podman holds a lock of its own while it runs netavark, so no other
 * process writes these files.
 */
export class NameServer {
  private readonly directory: string;

  /** `config` is what podman gives with `--config`. */
  constructor(
    private readonly config: string,
    private readonly program: string,
    private readonly startDaemon: (file: string, args: readonly string[]) => Promise<number>,
  ) {
    this.directory = `${config}/aardvark-dns`;
  }

  /** False where podman has not found the program, so that containers have no names. */
  isInstalled(): boolean {
    return this.program !== "" && existsSync(this.program);
  }

  async add(entries: readonly (readonly [NameNetworkFile, NameEntry])[]): Promise<void> {
    mkdirSync(this.directory, { recursive: true, mode: 0o755 });
    for (const [network, entry] of entries) {
      const file = this.fileOf(network.name) ?? `${this.directory}/${network.name}${network.internal ? "%int" : ""}`;
      this.write(file, withEntry(textOf(file), network, entry));
    }
    if (!this.reload()) await this.start();
  }

  remove(networks: readonly string[], containerId: string): void {
    const files = networks.flatMap((name) => this.fileOf(name) ?? []);
    for (const file of files) this.write(file, withoutEntry(textOf(file), containerId));
    if (files.length > 0) this.reload();
  }

  /** Sets the nameservers that are asked for a network's containers. Without a file no container of it runs. */
  update(network: string, servers: readonly string[]): void {
    const file = this.fileOf(network);
    if (file === undefined) return;
    this.write(file, withServers(textOf(file), servers));
    this.reload();
  }

  private fileOf(network: string): string | undefined {
    return [network, `${network}%int`].map((name) => `${this.directory}/${name}`).find((file) => existsSync(file));
  }

  /** aardvark-dns may read at any moment, and must find a whole file. Every file of its directory is one to it. */
  private write(file: string, text: string): void {
    boundaryOperation({ into: "file", what: () => `${text === "" ? "remove" : "write"} ${file}` }, () => {
      if (text === "") return rmSync(file, { force: true });
      const whole = `${this.config}/aardvark-dns.new`;
      writeFileSync(whole, text, { mode: 0o644 });
      renameSync(whole, file);
    });
  }

  /** False where it does not run. */
  private reload(): boolean {
    const pid = textOf(`${this.directory}/aardvark.pid`).trim();
    // A later process may have its pid, and SIGHUP would end that one.
    if (!/^\d+$/.test(pid) || textOf(`/proc/${pid}/comm`).trim() !== basename(this.program).slice(0, 15)) return false;
    return boundaryOperation({ into: "process", what: () => `kill -HUP ${pid}` }, () => {
      try {
        return process.kill(Number(pid), "SIGHUP");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
        throw error;
      }
    });
  }

  private async start(): Promise<void> {
    const argv = ["--config", this.directory, "-p", "53", "run"];
    const code = await this.startDaemon(this.program, argv);
    if (code === 0) return;
    throw new TsdError({
      kind: "runtime",
      code: "TSD_NETAVARK_NAMES",
      message: `${this.program} ended with exit code ${code}`,
      hint: "See whether another program listens on port 53 of the network's gateway: ss -lnp sport = :53",
      details: { argv: [this.program, ...argv], code },
    });
  }
}

/** Empty where there is no such file. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
