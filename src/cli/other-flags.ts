const noLimit =
  "tsd limits memory (--memory), processor time (--cpus) and processors (--cpuset-cpus), and nothing else.";
const noHealth = "tsd runs no health checks: run one with `tsd exec`.";
const noPower = "tsd gives every container docker's default capabilities and devices, and no others.";
const noRestart = "tsd has no daemon that would restart containers: use `tsd start`.";
const noRegistry = "tsd talks to no registry, and takes images for this machine's architecture.";
const noMount = "tsd mounts directories and files of the host: --volume HOST:CONTAINER[:ro].";
const noShare = "tsd shares the network alone: --net host, --net container:NAME or --net ns:PATH.";
const noLogs = "tsd keeps logs by conmon: `tsd logs` shows them, also behind --timestamps.";
const noTime = "tsd picks by number: --tail; with --timestamps lines can be picked by their time.";
const ownFiles =
  "tsd writes /etc/hosts and /etc/resolv.conf of a container: --add-host and --dns add to them, and --volume FILE:/etc/hosts puts a file in their place.";
const names = "`tsd run` takes --network-alias, and `tsd network connect` takes --alias.";
const noResolverOptions = "Give it to the containers: `tsd run --dns-search`, `tsd run --dns-option`.";
const noAttach = "A container in the foreground has all of its streams; with --detach `tsd logs` shows them.";

/** Flags that docker, podman and incus know, each with what tsd has instead. */
const flags = (): Readonly<Record<string, string>> => ({
  ...all(noRestart, "restart"),
  ...all(noPower, "privileged", "cap-add", "cap-drop", "device", "device-cgroup-rule", "gpus", "security-opt"),
  ...all(noShare, "pid", "ipc", "uts", "userns", "cgroupns", "cgroup-parent", "hostuser", "uidmap", "gidmap"),
  ...all(noMount, "mount", "tmpfs", "read-only", "volumes-from", "volume-driver", "storage-opt", "shm-size"),
  ...all(noLimit, "memory-swap", "memory-reservation", "memory-swappiness", "kernel-memory", "cpu-shares"),
  ...all(noLimit, "cpu-quota", "cpu-period", "cpu-rt-period", "cpu-rt-runtime", "cpuset-mems", "pids-limit", "ulimit"),
  ...all(noLimit, "oom-kill-disable", "oom-score-adj", "blkio-weight", "device-read-bps", "device-write-bps"),
  ...all(noHealth, "health-cmd", "health-interval", "health-retries", "health-timeout", "health-start-period"),
  ...all(noHealth, "no-healthcheck"),
  ...all(noRegistry, "pull", "platform", "arch", "os", "disable-content-trust", "quiet-pull", "authfile", "creds"),
  ...all(noLogs, "log-driver", "log-opt", "details"),
  ...all(noTime, "since", "until"),
  ...all(ownFiles, "no-hosts", "hosts-file"),
  ...all(names, "network-alias", "net-alias", "alias"),
  ...all(noResolverOptions, "dns-search", "dns-option", "dns-opt"),
  "interface-name": "Name a network's bridge with --opt name=NAME.",
  route: "tsd gives containers the routes of their networks, and no others.",
  "ipam-config": "Name subnets with --subnet, --gateway, --ip-range and --aux-address.",
  ...all(noAttach, "attach", "sig-proxy", "detach-keys", "no-stdin"),
  init: "tsd starts the container's command as process 1: name an init in the command, such as tini.",
  cidfile: "`tsd run -d` prints the id: tsd run -d … > FILE.",
  "label-file": "Write each label with --label.",
  "stop-signal": "The image says which signal stops it: `tsd kill --signal` sends any.",
  "stop-timeout": "`tsd stop --time SECONDS` says how long to wait.",
  "group-add": "Name a group behind the user: --user USER:GROUP.",
  runtime: "TSD_RUNTIME names the runtime, for all commands.",
  annotation: "Use --label.",
  "link-local-ip": "tsd gives an interface one address of each family: --ip, --ip6.",
  isolation: "tsd isolates containers by namespaces.",
  "config-only": "tsd keeps no configurations of networks without networks.",
  "config-from": "tsd keeps no configurations of networks without networks.",
  ingress: "tsd has no clusters.",
  scope: "tsd has networks of this machine alone.",
  size: "tsd counts no space.",
  latest: "tsd ps lists the newest first.",
  last: "tsd ps lists the newest first.",
  volumes: "tsd has no volumes to remove: what a container wrote goes with it.",
  replace: "Use `tsd rm -f NAME` first.",
  pod: "tsd has no pods: containers share a network with --net container:NAME.",
  tz: "Set a variable: --env TZ=ZONE.",
  secret: "Mount a file with --volume, or set a variable with --env-file.",
  systemd: "Name systemd as the command.",
  tls: "tsd has no daemon: it works on this machine.",
  host: "tsd has no daemon: it works on this machine.",
  context: "tsd has no daemon: it works on this machine.",
  "log-level": "Use --debug.",
});

function all(hint: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, hint]));
}

/**
 * What tsd has in place of a flag that others know, written as `--flag` or `--no-flag`; undefined for a word that no program
 * has.
 */
export function otherFlag(typed: string): string | undefined {
  const table = flags();
  const [name = ""] = typed.replace(/^--/, "").split("=", 1);
  const known = [name, name.replace(/^no-/, "")].find((word) => Object.hasOwn(table, word));
  return known === undefined ? undefined : table[known];
}
