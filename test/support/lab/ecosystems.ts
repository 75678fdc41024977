import { resolve } from "node:path";
import { makeBusyboxTar } from "./busybox.js";
import { removeIptables } from "./firewalls.js";
import type { Host } from "./host.js";
import { Overlaid } from "./overlaid.js";
import type { Output, Program, ProgramOptions } from "./program.js";

/**
 * Their state is in memory and theirs alone. crun refuses a hybrid of cgroups unless version 2 is out of sight, and podman
 * gives its containers none.
 */
const prepare = `
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /var/lib/containers /var/lib/docker
mount -t tmpfs tmpfs /var/lib/containers
mount -t tmpfs tmpfs /var/lib/docker
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
`;

/** A process that may not raise its limits can start containers with lower ones. */
const containersConf = (backend: PodmanBackend, settings: PodmanSettings): string => `[containers]
cgroups = "disabled"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "crun"
cgroup_manager = "cgroupfs"
events_logger = "file"
helper_binaries_dir = ${JSON.stringify([...(settings.helperDirs ?? []), "/usr/lib/podman"])}
[network]
network_backend = "${backend}"
cni_plugin_dirs = ${JSON.stringify([...(settings.cniDirs ?? []), "/usr/lib/cni"])}
`;

type PodmanBackend = "cni" | "netavark";

interface PodmanSettings {
  /** Where podman looks for netavark, before Debian's. */
  readonly helperDirs?: readonly string[];
  /** Where podman looks for plug-ins of CNI, before Debian's. */
  readonly cniDirs?: readonly string[];
}

/** A call of a plug-in of CNI, as its runtimes make it. */
export interface CniCall {
  /** Path of the plug-in. */
  readonly program: string;
  /** Value of `CNI_COMMAND`. */
  readonly command: string;
  readonly containerId?: string;
  /** Path of the namespace. */
  readonly netns?: string;
  /** Default `eth0`. */
  readonly ifname?: string;
  /** Value of `CNI_ARGS`. */
  readonly args?: string;
  /** What standard input holds, as JSON. */
  readonly config: object;
}

/** podman, docker and CNI's plug-ins of Debian's (script/ecosystems), as if they were installed on a host, and its tsd. */
export class Ecosystems {
  private constructor(
    private readonly host: Host,
    private readonly overlaid: Overlaid,
    /** A tar of busybox, for `podman import` and `docker import`. */
    readonly busyboxTar: string,
  ) {}

  static async install(host: Host): Promise<Ecosystems> {
    const tar = `${host.runDirectory}/../busybox.tar`;
    await makeBusyboxTar(tar);
    const overlaid = await Overlaid.install(host, "ecosystems", prepare);
    await overlaid.mustRun(["ln", "-s", resolve("bin/tsd"), "/usr/sbin/tsd"]);
    return new Ecosystems(host, overlaid, tar);
  }

  /** Runs a program that sees them, to its end: tsd among them, for which their namespaces are mounted here alone. */
  run(argv: readonly string[], options: ProgramOptions = {}): Promise<Output> {
    return this.overlaid.run(argv, options);
  }

  mustRun(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
    return this.overlaid.mustRun(argv, options);
  }

  start(argv: readonly string[], options: ProgramOptions = {}): Program {
    return this.overlaid.start(argv, options);
  }

  /** Sets podman up, with an image `busybox`. It has one backend for as long as it has this state. */
  async setUpPodman(backend: PodmanBackend, settings: PodmanSettings = {}): Promise<void> {
    const write = ["sh", "-ec", "cat >/etc/containers/containers.conf"];
    await this.mustRun(write, { input: containersConf(backend, settings) });
    await this.mustRun(["podman", "import", "--quiet", this.busyboxTar, "busybox"]);
  }

  /** Runs Debian's docker, which talks to the dockerd that was started. */
  docker(...args: readonly string[]): Promise<string> {
    return this.mustRun(["/usr/bin/docker", ...args]);
  }

  /**
   * Starts dockerd, with an image `busybox`. What it returns stops it. `around` is a command that runs it: unshare(1), for a network
   * namespace of its own.
   */
  async startDockerd(options: readonly string[] = [], around: readonly string[] = []): Promise<() => Promise<void>> {
    const cgroup = `tsd-lab-${process.pid}`;
    const argv = [
      ...around,
      "dockerd",
      "--storage-driver=vfs",
      "--userland-proxy=false",
      `--cgroup-parent=/${cgroup}`,
      ...options,
    ];
    const daemon = this.start(argv);
    let ended = false;
    void daemon.ended.then(() => {
      ended = true;
    });
    while ((await this.run(["/usr/bin/docker", "version"])).code !== 0) {
      if (ended) throw new Error(`dockerd ended: ${(await daemon.ended).stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.docker("import", this.busyboxTar, "busybox");
    return async () => {
      daemon.kill("SIGTERM");
      await daemon.ended;
      await this.mustRun([
        "sh",
        "-c",
        `for d in /sys/fs/cgroup/${cgroup} /sys/fs/cgroup/*/${cgroup}; do if [ -d "$d" ]; then rmdir "$d"; fi; done`,
      ]);
    };
  }

  /** All variables are set, if only to nothing. */
  callCni(call: CniCall): Promise<Output> {
    const env = {
      CNI_COMMAND: call.command,
      CNI_CONTAINERID: call.containerId ?? "",
      CNI_NETNS: call.netns ?? "",
      CNI_IFNAME: call.ifname ?? "eth0",
      CNI_ARGS: call.args ?? "",
      CNI_PATH: `${resolve("bin")}:/usr/lib/cni`,
    };
    return this.run([call.program], { env, input: JSON.stringify(call.config) });
  }

  async remove(): Promise<void> {
    await removeIptables(this.host);
    await this.overlaid.remove();
  }
}
