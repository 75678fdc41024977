import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import type { Host } from "./host.js";
import { Overlaid } from "./overlaid.js";
import type { Output, Program } from "./program.js";

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

/** firewalld and ufw of Debian's (script/firewalls), as if they were installed on a host, and its tsd beside them. */
export class Firewalls {
  private constructor(
    private readonly host: Host,
    private readonly overlaid: Overlaid,
  ) {}

  static async install(host: Host): Promise<Firewalls> {
    const overlaid = await Overlaid.install(host, "firewalls");
    // Hooks call it by name. It works where the tests' tsd does, since what that mounted since is not seen here.
    const script = `#!/bin/sh\nexec nsenter --mount=/proc/${process.pid}/ns/mnt -- ${resolve("bin/tsd")} "$@"\n`;
    await overlaid.addProgram("/usr/sbin/tsd", script);
    return new Firewalls(host, overlaid);
  }

  /** Runs a program that sees them, to its end. */
  run(argv: readonly string[]): Promise<Output> {
    return this.overlaid.run(argv);
  }

  mustRun(argv: readonly string[]): Promise<string> {
    return this.overlaid.mustRun(argv);
  }

  start(argv: readonly string[], input = ""): Program {
    return this.overlaid.start(argv, { input });
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
    await removeIptables(this.host);
    for (const left of ["firewalld", "ufw.lock", "xtables.lock"])
      rmSync(`/run/${left}`, { recursive: true, force: true });
    await this.overlaid.remove();
  }
}

/** Removes the tables of iptables-nft, which stay for good with whoever used them. */
export async function removeIptables(host: Host): Promise<void> {
  const tables = ["ip", "ip6"].flatMap((family) =>
    ["filter", "nat", "mangle", "raw"].map((name) => `${family} ${name}`),
  );
  await host.mustRun(["nft", tables.map((table) => `add table ${table}; delete table ${table}`).join("; ")]);
}

async function end(program: Program): Promise<void> {
  program.kill("SIGTERM");
  await program.ended;
}
