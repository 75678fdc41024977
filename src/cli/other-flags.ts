const ofNew = "The flag belongs to `tsd run` and `tsd create`.";
const ofRegistry = "tsd takes images for this machine's architecture, and credentials from ~/.docker/config.json.";
const ownFiles =
  "tsd writes /etc/hosts and /etc/resolv.conf of a container: --add-host and --dns add to them, and --volume FILE:/etc/hosts puts a file in their place.";
const names = "`tsd run` takes --network-alias, and `tsd network connect` takes --alias.";
const noResolverOptions = "Give it to the containers: `tsd run --dns-search`, `tsd run --dns-option`.";
const noUserns = "tsd maps no users: root in a container is root of the host, with fewer capabilities (--cap-drop).";
const noRealTime = "tsd gives no real-time time: --cpus and --cpu-shares limit and weigh what a container gets.";
const noRates = "tsd limits no rates of devices: --blkio-weight weighs them.";
const noDaemon = "tsd has no daemon: it works on this machine. For another, use ssh HOST tsd.";
const noConfig = "tsd keeps no configurations of networks without networks.";

/** Flags that docker, podman and incus know, many with one thing that tsd has instead. */
const kinds = (): Readonly<Record<string, string>> => ({
  ...all(ofNew, "restart", "privileged", "cap-add", "cap-drop", "device", "security-opt", "mount", "tmpfs", "ulimit"),
  ...all(
    ofNew,
    "read-only",
    "volumes-from",
    "shm-size",
    "init",
    "health-cmd",
    "no-healthcheck",
    "group-add",
    "cidfile",
  ),
  ...all(ofNew, "ipc", "uts", "pids-limit", "log-driver", "log-opt", "publish", "volume", "hostname", "entrypoint"),
  ...all(noUserns, "userns", "hostuser", "uidmap", "gidmap", "subuidname", "subgidname"),
  ...all(noRealTime, "cpu-rt-period", "cpu-rt-runtime"),
  ...all(
    noRates,
    "device-read-bps",
    "device-write-bps",
    "device-read-iops",
    "device-write-iops",
    "blkio-weight-device",
  ),
  ...all(ofRegistry, "arch", "os", "variant", "authfile", "creds", "cert-dir", "tls-verify", "decryption-key"),
  ...all(ownFiles, "no-hosts", "hosts-file"),
  ...all(names, "network-alias", "net-alias", "alias"),
  ...all(noResolverOptions, "dns-search", "dns-option", "dns-opt"),
  ...all(
    noDaemon,
    "host",
    "context",
    "tls",
    "tlsverify",
    "tlscacert",
    "tlscert",
    "tlskey",
    "connection",
    "url",
    "remote",
  ),
  ...all(noConfig, "config-only", "config-from"),
});

/** And each with its own. */
const single = (): Readonly<Record<string, string>> => ({
  gpus: "Name the devices: --device /dev/nvidia0 --device /dev/nvidiactl, with the vendor's libraries in the image.",
  "kernel-memory": "The kernel has no such limit any more: --memory counts it too.",
  "storage-opt": "tsd limits no disk space of a container: put TSD_ROOT on a file system with quotas.",
  "interface-name":
    "Name a network's bridge with --opt name=NAME, and a container's interface with --driver-opt ifname=NAME.",
  route: "tsd gives containers the routes of their networks, and no others.",
  "ipam-config": "Name subnets with --subnet, --gateway, --ip-range and --aux-address.",
  "link-local-ip":
    "tsd gives an interface one address of each family, --ip and --ip6; fe80:: addresses come from the kernel.",
  isolation: "tsd isolates containers by namespaces.",
  ingress: "tsd has no clusters: each network takes calls from outside by published ports.",
  tree: "tsd shows each image by itself.",
  "use-api-socket": "tsd has no daemon whose socket a container could use.",
  pod: "tsd has no pods: containers share a network with --net container:NAME.",
  "pod-id-file": "tsd has no pods: containers share a network with --net container:NAME.",
  replace: "Use `tsd rm -f NAME` first.",
  requires: "tsd starts no other containers: start them first.",
  tz: "Set a variable: --env TZ=ZONE.",
  timezone: "Set a variable: --env TZ=ZONE.",
  secret: "Mount a file with --volume, or set a variable with --env-file.",
  systemd: "Name systemd as the command.",
  umask: "Set it in the command: sh -c 'umask 027; exec …'.",
  timeout: "Use timeout(1) in the command, or `tsd stop`.",
  size: "`tsd ps` and `tsd inspect` of containers take it.",
  "log-level": "Use --debug.",
  output: "Use --json, or --format.",
});

function all(hint: string, ...words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => [word, hint]));
}

/**
 * What tsd has in place of a flag that others know, written as `--flag` or `--no-flag`; undefined for a word that no program
 * has.
 */
export function otherFlag(typed: string): string | undefined {
  const table = { ...kinds(), ...single() };
  const [name = ""] = typed.replace(/^--/, "").split("=", 1);
  const known = [name, name.replace(/^no-/, "")].find((word) => Object.hasOwn(table, word));
  return known === undefined ? undefined : table[known];
}
