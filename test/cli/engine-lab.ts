import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, expect } from "@jest/globals";
import type { Lab } from "../support/lab/lab.js";
import type { Output, Program } from "../support/lab/program.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

/** docker's own command line: Debian's (script/ecosystems), and the machine's, which is newer, where it has one. */
export const clients: readonly string[] = [
  resolve(".runtime/ecosystems/usr/bin/docker"),
  ...["/usr/local/bin/docker", "/usr/bin/docker"].filter((path) => existsSync(path)),
];

/** A service of docker's API on the lab's host. */
export class EngineService {
  private constructor(
    private readonly lab: Lab,
    readonly address: string,
    readonly program: Program,
  ) {}

  static start(lab: Lab, ...args: readonly string[]): Promise<EngineService> {
    return EngineService.startAt(lab, `unix://${lab.host.runDirectory}/docker.sock`, ...args);
  }

  static async startAt(lab: Lab, address: string, ...args: readonly string[]): Promise<EngineService> {
    const program = lab.host.startTsd(["system", "service", ...args, address], { timeout: 600_000 });
    await program.saying("serves docker's API");
    return new EngineService(lab, address, program);
  }

  get socket(): string {
    return this.address.replace(/^unix:\/\//, "");
  }

  /** By which docker's command line finds it. */
  get env(): Readonly<Record<string, string>> {
    return { PATH: process.env.PATH ?? "", HOME: this.lab.host.root, DOCKER_HOST: this.address };
  }

  /** Runs docker's command line against it, to its end. */
  docker(args: readonly string[], { client = clients[0] ?? "", input }: DockerOptions = {}): Promise<Output> {
    const { env } = this;
    return this.lab.host.run([client, ...args], { env, timeout: 60_000, ...(input === undefined ? {} : { input }) });
  }

  /** The same for what must succeed; returns standard output without the last newline. */
  async mustDocker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.docker(args, options);
    if (code !== 0) throw new Error(`docker ${args.join(" ")} exited with ${code}: ${stderr}`);
    return stdout.replace(/\n$/, "");
  }

  /** Ends it for good; it must end well, and have nothing to report. The lab looks itself at what is left. */
  async stop(): Promise<void> {
    this.program.kill("SIGTERM");
    expect(await this.program.ended).toMatchObject({ code: 0, stderr: "" });
    await this.clean();
  }

  /** What is left to do once it has ended. */
  async clean(): Promise<void> {
    expect(await this.lab.host.mustTsd(["check"])).toBe("");
    await removeDefaultNetwork(this.lab);
  }
}

export interface DockerOptions {
  readonly client?: string;
  readonly input?: string;
}

interface EngineLab {
  readonly lab: () => Lab;
  /** The one that runs at this moment. */
  readonly service: () => EngineService;
  /** Puts another in its place. */
  readonly replace: (next: EngineService) => void;
}

/** A lab with a service, which the last test of the file stops. */
export function useEngineLab(): EngineLab {
  const lab = useTsdLab({ shared: true });
  let service: EngineService;
  beforeAll(async () => {
    service = await EngineService.start(lab());
  });
  return {
    lab,
    service: () => service,
    replace: (next) => {
      service = next;
    },
  };
}
