/**
 * A plug-in of netavark's that does real work by ip(8) and nft(8): a bridge for each network, a veth for each container, DNAT for
 * what is published. The option `flaw` makes it one that fails.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";

const [verb, netns] = process.argv.slice(2);
const { CALLS: log } = process.env;

function run(...argv) {
  return execFileSync(argv[0], argv.slice(1), { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
const ip = (line) => run("ip", ...line.split(" "));
const inside = (line) => run("nsenter", `--net=${netns}`, "ip", ...line.split(" "));
const tried = (work) => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

const verbs = {
  create(network) {
    const unknown = Object.keys(network.options ?? {}).find((key) => !["flaw", "mtu"].includes(key));
    if (unknown !== undefined) throw new Error(`unsupported option ${unknown}`);
    return { ...network, network_interface: network.network_interface ?? `nv-${network.name}` };
  },

  setup({ container_id, port_mappings, network, network_options }) {
    const { interface_name: name, static_ips, static_mac: mac } = network_options;
    const bridge = network.network_interface;
    const { flaw } = network.options;
    const cidrs = [];
    const [port, end] = [`nv-${container_id.slice(0, 12)}`, `nc-${container_id.slice(0, 12)}`];
    if (tried(() => ip(`link show ${bridge}`)) === undefined) {
      ip(`link add ${bridge} type bridge`);
      ip(`link set ${bridge} addrgenmode none up`);
      for (const { subnet, gateway } of network.subnets)
        ip(`addr add ${gateway}/${subnet.split("/")[1]} dev ${bridge}`);
    }
    ip(`link add ${port} master ${bridge} type veth peer name ${end}`);
    ip(`link set ${port} addrgenmode none up`);
    if (flaw === "dies") process.kill(process.pid, "SIGKILL");
    ip(`link set ${end} netns ${netns}`);
    inside(`link set ${end} name ${name} address ${mac} up`);
    for (const [at, address] of static_ips.entries()) {
      const { subnet, gateway } = network.subnets[at];
      cidrs.push({
        ipnet: `${flaw === "poses" ? gateway.replace(/1$/, "9") : address}/${subnet.split("/")[1]}`,
        gateway,
      });
      inside(`addr add ${cidrs[at].ipnet} dev ${name}`);
      inside(`route add default via ${gateway}`);
    }
    if (port_mappings.length > 0) publish(container_id, static_ips[0], port_mappings);
    const reported = flaw === "renames" ? "eth7" : name;
    if (flaw === "lies") cidrs[0].ipnet = "10.99.0.1/24";
    return { interfaces: { [reported]: { mac_address: mac, subnets: cidrs } }, dns_server_ips: null };
  },

  teardown({ container_id, network, network_options }) {
    tried(() => run("nft", `delete table ip nv_${container_id.slice(0, 12)}`));
    const port = `nv-${container_id.slice(0, 12)}`;
    const isGone = tried(() => ip(`link delete ${port}`)) === undefined;
    const bridge = network.network_interface;
    if (tried(() => ip(`link show master ${bridge}`)) === "") ip(`link delete ${bridge}`);
    if (isGone) throw new Error(`no ${network_options.interface_name} to delete`);
    return undefined;
  },

  info: () => ({ version: "0.1.0", api_version: "1.0.0" }),
};

/** For the host's own calls, which need no forwarding. */
function publish(id, address, mappings) {
  const table = `ip nv_${id.slice(0, 12)}`;
  const rules = mappings.map(({ protocol, host_ip, host_port, container_port }) => {
    const to = host_ip === "" ? "fib daddr type local" : `ip daddr ${host_ip}`;
    return `add rule ${table} out ${to} ${protocol} dport ${host_port} dnat to ${address}:${container_port}`;
  });
  const chain = `add chain ${table} out { type nat hook output priority -100; }`;
  run("nft", [`add table ${table}`, chain, ...rules].join("; "));
}

try {
  const input = readFileSync(0, "utf8");
  if (log !== undefined) appendFileSync(log, `${verb} ${netns ?? ""} ${input}\n`);
  const reply = verbs[verb ?? "info"]?.(input === "" ? undefined : JSON.parse(input));
  if (reply !== undefined) process.stdout.write(JSON.stringify(reply));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.message }));
  process.exitCode = 1;
}
