import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Host } from "./host.js";
import type { Output, Program } from "./program.js";

/** See script/firewalls. */
const unpacked = resolve(".runtime/firewalls");

/** Milliseconds after which what a failed test left running ends. */
const LIFE = 120_000;

/** Root may do all; no service is started, polkit's among them, which would know nothing of firewalld. */
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow eavesdrop="true"/>
    <allow send_destination="*"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

/** In a mount namespace of its own: what is unpacked lies over /usr, and what is written to /etc and /var is gone with it. */
const lay = `
mount -t tmpfs tmpfs "$1"
for place in usr etc var; do
  mkdir -p "$1/$place" "$1/$place.work"
  lower=/$place; [ -d "$2/$place" ] && lower=$2/$place:/$place
  mount -t overlay -o "lowerdir=$lower,upperdir=$1/$place,workdir=$1/$place.work" overlay "/$place"
done
echo ready
exec cat
`;

/** firewalld and ufw of Debian's, as if they were installed on a host, and its tsd beside them. */
export class Firewalls {
  private constructor(
    private readonly host: Host,
    private readonly directory: string,
    private readonly keeper: Program,
  ) {}

  static async install(host: Host): Promise<Firewalls> {
    const directory = mkdtempSync(join(tmpdir(), "firewalls-"));
    const argv = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", lay, "sh", directory, unpacked];
    const keeper = host.start(argv, { timeout: LIFE });
    await keeper.saying("ready");
    const firewalls = new Firewalls(host, directory, keeper);
    await firewalls.addTsd();
    return firewalls;
  }

  /** Runs a program that sees them, to its end. */
  run(argv: readonly string[]): Promise<Output> {
    return this.host.run(this.inside(argv), { env: this.env });
  }

  mustRun(argv: readonly string[]): Promise<string> {
    return this.host.mustRun(this.inside(argv), { env: this.env });
  }

  start(argv: readonly string[], input = ""): Program {
    return this.host.start(this.inside(argv), { env: this.env, timeout: LIFE, input });
  }

  /** Starts D-Bus. What it returns stops it. */
  async startBus(): Promise<() => Promise<void>> {
    mkdirSync("/run/dbus", { recursive: true });
    const script =
      "cat >/etc/bus.conf; exec dbus-daemon --nofork --nopidfile --print-address=1 --config-file=/etc/bus.conf";
    const bus = this.start(["sh", "-ec", script], busConfig);
    await bus.saying("unix:");
    return async () => {
      await end(bus);
      rmSync("/run/dbus", { recursive: true });
    };
  }

  /** Starts firewalld, and waits until its rules are there. What it returns stops it, after which they are gone. */
  async startFirewalld(): Promise<() => Promise<void>> {
    const daemon = this.start(["firewalld", "--nofork", "--nopid"]);
    let ended = false;
    void daemon.ended.then(() => {
      ended = true;
    });
    while ((await this.run(["firewall-cmd", "--state"])).code !== 0) {
      if (ended) throw new Error(`firewalld ended: ${(await daemon.ended).stderr}`);
    }
    return () => end(daemon);
  }

  /** Takes away what they leave, too: tables of iptables, where nothing is left that somebody wants. */
  async remove(): Promise<void> {
    const tables = ["ip", "ip6"].flatMap((family) =>
      ["filter", "nat", "mangle", "raw"].map((name) => `${family} ${name}`),
    );
    await this.host.mustRun(["nft", tables.map((table) => `add table ${table}; delete table ${table}`).join("; ")]);
    for (const left of ["firewalld", "ufw.lock", "xtables.lock"])
      rmSync(`/run/${left}`, { recursive: true, force: true });
    this.keeper.closeInput();
    await this.keeper.ended;
    rmSync(this.directory, { recursive: true });
  }

  /** Hooks call it by name. It works where the tests' tsd does, since what that mounted since is not seen here. */
  private async addTsd(): Promise<void> {
    const script = `#!/bin/sh\nexec nsenter --mount=/proc/${process.pid}/ns/mnt -- ${resolve("bin/tsd")} "$@"\n`;
    const write = ["sh", "-ec", "cat >/usr/sbin/tsd; chmod +x /usr/sbin/tsd"];
    await this.host.mustRun(this.inside(write), { input: script });
  }

  private get env(): Readonly<Record<string, string>> {
    const { root, runDirectory } = this.host;
    return { PATH: process.env.PATH ?? "", HOME: this.directory, TSD_ROOT: root, TSD_RUN: runDirectory };
  }

  private inside(argv: readonly string[]): readonly string[] {
    return ["nsenter", `--mount=/proc/${this.keeper.pid}/ns/mnt`, "--", ...argv];
  }
}

async function end(program: Program): Promise<void> {
  program.kill("SIGTERM");
  await program.ended;
}
