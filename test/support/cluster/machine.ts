import { randomUUID } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Host, makeStateDirectory } from "../lab/host.js";
import { Namespace } from "../lab/namespace.js";
import { bootId } from "../lab/process-residue.js";
import { Program } from "../lab/program.js";
import { killProcesses, removeCgroups } from "../lab/reboot.js";

/** Milliseconds after which what a failed test left running ends. */
const LIFE = 3_600_000;

/** Its own /run, name and boot id, until the process that holds the namespaces ends. */
const boot = `
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/netns
mount --bind "$2" ${bootId}
hostname "$1"
ip link set lo up
echo ready
exec cat
`;

/** A host of a cluster: its network, mounts, /run and name are its own, and so is its state. */
export class Machine extends Host {
  private constructor(
    readonly name: string,
    readonly directory: string,
    readonly keeper: Program,
  ) {
    const at = `/proc/${keeper.pid}/ns`;
    super(`${at}/net`, directory, [`--net=${at}/net`, `--mount=${at}/mnt`, `--uts=${at}/uts`]);
  }

  /** Boots one. With the directory of one that was powered off it has that one's disk. */
  static async boot(name: string, directory: string = makeStateDirectory()): Promise<Machine> {
    const file = join(directory, "boot_id");
    writeFileSync(file, `${randomUUID()}\n`);
    const namespaces = ["unshare", "--net", "--mount", "--uts", "--propagation", "private"];
    const keeper = new Program([...namespaces, "sh", "-ec", boot, "sh", name, file], { timeout: LIFE });
    await keeper.saying("ready");
    return new Machine(name, directory, keeper);
  }

  /** Makes a network namespace below the machine's /run/netns. */
  async addNamespace(name: string): Promise<Namespace> {
    await this.mustRun(["sh", "-ec", 'ip netns add "$1"; ip -n "$1" link set lo up', "sh", name]);
    return new Namespace(`/proc/${this.keeper.pid}/root/run/netns/${name}`);
  }

  /** The network namespace of a running container. */
  async insideOf(container: string): Promise<Namespace> {
    return Namespace.of(Number(await this.mustTsd(["inspect", "--format", "{{.State.Pid}}", container])));
  }

  /** Takes its processes, namespaces and /run away at once. What it had on disk stays. */
  async powerOff(): Promise<void> {
    await killProcesses(this);
    await removeCgroups(this);
    this.keeper.kill("SIGKILL");
    await this.keeper.ended;
    for (const name of readdirSync(this.runDirectory)) rmSync(join(this.runDirectory, name), { recursive: true });
  }

  /** As an installation of the operating system does. */
  emptyDisk(): void {
    for (const name of readdirSync(this.root)) rmSync(join(this.root, name), { recursive: true });
  }

  async remove(): Promise<void> {
    await this.powerOff();
    rmSync(dirname(this.root), { recursive: true });
  }
}
