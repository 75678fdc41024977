import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { RuntimeProcess } from "../api/index.js";
import type { Exit } from "../contracts/index.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import type { OciConfig } from "./oci-config.js";
import { ociText, parseOciText } from "./oci-text.js";

/** One container's directory of run-time files: the OCI bundle, and all that runtime and supervisor keep beside it. */
export class Bundle {
  /** Name of the directory {@link state}. */
  static readonly state = "oci";
  /** The runtime's own state. */
  readonly state: string;
  readonly config: string;
  /** Where the supervisor listens for those who attach. */
  readonly attachSocket: string;
  /** A fifo that takes terminal sizes. */
  readonly control: string;
  readonly containerPid: string;
  readonly supervisorPid: string;
  readonly exits: string;
  readonly exitFile: string;
  /** Pid and start time of the process of tsd that sees to the container's end; empty where the supervisor does. */
  readonly attendant: string;

  readonly path: string;
  private readonly process: string;

  constructor(
    /** Holds the bundles of all containers. */
    readonly parent: string,
    readonly id: string,
  ) {
    this.path = `${parent}/${id}`;
    this.state = `${this.path}/${Bundle.state}`;
    this.config = `${this.path}/config.json`;
    this.attachSocket = `${this.path}/attach`;
    this.control = `${this.path}/ctl`;
    this.containerPid = `${this.path}/pid`;
    this.supervisorPid = `${this.path}/conmon.pid`;
    this.exits = `${this.path}/exit`;
    this.exitFile = `${this.exits}/${id}`;
    this.attendant = `${this.path}/attendant`;
    this.process = `${this.path}/process.json`;
  }

  /** Makes the directory again. */
  write(config: OciConfig): void {
    this.remove();
    boundaryOperation({ into: "file", what: () => `write ${this.config}` }, () => {
      mkdirSync(this.exits, { recursive: true, mode: 0o700 });
      writeFileSync(this.config, ociText(config), { mode: 0o600 });
      writeFileSync(this.attendant, "", { mode: 0o600 });
    });
  }

  /** Undefined where it is lost, or no longer what was written. */
  readConfig(): OciConfig | undefined {
    const config = readObject<OciConfig>(this.config);
    return config?.root === undefined || config.process === undefined ? undefined : (config as OciConfig);
  }

  writeProcess(process: RuntimeProcess): void {
    const what = () => `write ${this.process}`;
    boundaryOperation({ into: "file", what }, () =>
      writeFileSync(this.process, JSON.stringify(process), { mode: 0o600 }),
    );
  }

  /** Undefined before {@link writeProcess}, or where that was cut short or spoilt, and where the directory is gone. */
  readProcess(): RuntimeProcess | undefined {
    const { pid, start } = readObject<RuntimeProcess>(this.process) ?? {};
    return typeof pid !== "number" || typeof start !== "number" ? undefined : { pid, start };
  }

  /** Throws the error of Node.js where the file cannot be written. */
  writeAttendant(process: RuntimeProcess | undefined): void {
    const words = process === undefined ? "" : `${process.pid} ${process.start}\n`;
    boundaryOperation({ into: "file", what: () => `write ${this.attendant}` }, () =>
      writeFileSync(this.attendant, words, { mode: 0o600 }),
    );
  }

  readSupervisorPid(): number | undefined {
    const pid = Number(read(this.supervisorPid));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  }

  readExit(): Exit | undefined {
    const code = read(this.exitFile);
    const facts = statSync(this.exitFile, { throwIfNoEntry: false });
    if (code === undefined || !/^\d+$/.test(code) || facts === undefined) return undefined;
    return { code: Number(code), at: facts.mtime.toISOString() };
  }

  hasConfig(): boolean {
    return statSync(this.config, { throwIfNoEntry: false }) !== undefined;
  }

  exists(): boolean {
    return statSync(this.path, { throwIfNoEntry: false }) !== undefined;
  }

  /** True while the runtime knows the container. */
  hasState(): boolean {
    return statSync(`${this.state}/${this.id}`, { throwIfNoEntry: false }) !== undefined;
  }

  /** True between the runtime's `create` and its `start`, which crun and runc have the container wait for at that fifo. */
  awaitsStart(): boolean {
    return statSync(`${this.state}/${this.id}/exec.fifo`, { throwIfNoEntry: false }) !== undefined;
  }

  remove(): void {
    if (!this.exists()) return;
    boundaryOperation({ into: "file", what: () => `remove ${this.path}/` }, () =>
      rmSync(this.path, { recursive: true }),
    );
  }
}

/** What others may have changed: nothing of it is sure to be there. */
function readObject<T>(path: string): Partial<T> | undefined {
  try {
    const value: unknown = parseOciText(read(path) ?? "");
    return typeof value === "object" && value !== null ? (value as Partial<T>) : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
