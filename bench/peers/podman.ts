import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Absent } from "../benchmark.ts";
import { type Argv, isInstalled, read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, type Tool } from "./tool.ts";

/** Who makes podman's networks. */
type Helper = "netavark" | "tsd";

/** Where podman's packages put its helpers. */
const HELPERS = ["/usr/lib/podman", "/usr/libexec/podman"];

let opened = 0;

/** Brings up podman with storage of its own. systemd's cgroup manager and journal are not in the world. */
export function openPodman(lab: Lab, helper: Helper = "netavark"): Tool | Absent {
  if (!isInstalled("podman")) return { name: "podman", reason: "not installed" };
  const name = `podman${++opened}`;
  const env = { ...lab.env, CONTAINERS_CONF: configure(lab, name, helper) };
  const run = `/run/${name}`;
  const command: Argv = [
    "podman",
    ...["--root", join(lab.work, name)],
    ...["--runroot", `${run}/root`, "--tmpdir", `${run}/tmp`, "--network-config-dir", `${run}/networks`],
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

/** Writes its configuration, and returns the path. */
function configure(lab: Lab, name: string, helper: Helper): string {
  const directories = helper === "tsd" ? [writeHelper(lab, name), ...HELPERS] : HELPERS;
  const configuration = join(lab.work, `${name}.conf`);
  const text = `[engine]
cgroup_manager="cgroupfs"
events_logger="file"
helper_binaries_dir=${JSON.stringify(directories)}
[network]
network_backend="netavark"
`;
  writeFileSync(configuration, text);
  return configuration;
}

/** tsd in netavark's place, as a script: conmon passes no variables on to podman when a container ends. */
function writeHelper({ work, project }: Lab, name: string): string {
  const directory = join(work, `${name}-helpers`);
  mkdirSync(directory);
  const env = `TSD_ROOT=${join(work, `${name}-tsd`)} TSD_RUN=/run/${name}-tsd`;
  const script = `#!/bin/sh\nexport ${env}\nexec ${join(project, "share/podman/netavark")} "$@"\n`;
  writeFileSync(join(directory, "netavark"), script, { mode: 0o755 });
  return directory;
}

function clear(command: Argv, env: NodeJS.ProcessEnv): void {
  read([...command, "rm", "--all", "--force", "--time", "0"], { env });
}
