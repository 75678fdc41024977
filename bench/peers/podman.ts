import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Absent } from "../benchmark.ts";
import { type Argv, isInstalled, read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, type Tool } from "./tool.ts";

const CONFIGURATION = `[engine]
cgroup_manager="cgroupfs"
events_logger="file"
`;

/** Brings up podman with storage of its own. systemd's cgroup manager and journal are not in the world. */
export function openPodman(lab: Lab): Tool | Absent {
  if (!isInstalled("podman")) return { name: "podman", reason: "not installed" };
  const configuration = join(lab.work, "containers.conf");
  writeFileSync(configuration, CONFIGURATION);
  const env = { ...lab.env, CONTAINERS_CONF: configuration };
  const command: Argv = [
    "podman",
    ...["--root", join(lab.work, "podman")],
    ...["--runroot", "/run/podman/root", "--tmpdir", "/run/podman/tmp", "--network-config-dir", "/run/podman/networks"],
  ];
  try {
    read([...command, "import", lab.archive, IMAGE], { env });
    const version = read([...command, "version", "--format", "{{.Client.Version}}"], { env }).trim();
    return {
      name: `podman ${version}`,
      command,
      removeOptions: ["--time", "0"],
      env,
      close: () => clear(command, env),
    };
  } catch (error) {
    return { name: "podman", reason: `does not come up here: ${complaintOf(error)}` };
  }
}

function clear(command: Argv, env: NodeJS.ProcessEnv): void {
  read([...command, "rm", "--all", "--force", "--time", "0"], { env });
}
