// A docker plug-in of networks and of addresses, as a process of its own: bridges, veths and port forwarding by ip(8) and nft(8).
// `node carrier-plugin.mjs SOCKET STATE` serves the socket, prints a line once it does, and keeps its books in STATE.
// POST /Test.Say {"NetworkDriver.Join": {"body": …}} makes it say something else once: `body`, `status`, `close`, `hang`, `flood`.
// POST /Test.Books returns what it holds, POST /Test.Calls the calls since the last time.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const [socket, file] = process.argv.slice(2);
const empty = { networks: {}, endpoints: {}, pools: {} };
const books = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : empty;
let says = {};
let calls = [];

const run = (program, ...words) => execFileSync(program, words, { stdio: ["ignore", "ignore", "pipe"] });
const ip = (words) => run("ip", ...words.split(" "));
const bridgeOf = (network) => `cb${network.slice(0, 11)}`;
const nearOf = (endpoint) => `cn${endpoint.slice(0, 11)}`;
const farOf = (endpoint) => `cf${endpoint.slice(0, 11)}`;
const tableOf = (endpoint) => `carrier_${endpoint.slice(0, 11)}`;
const macOf = (endpoint) => `02:aa:${endpoint.slice(0, 8).replace(/(..)(?=.)/g, "$1:")}`;
const bare = (cidr) => cidr.split("/")[0];
const hasLink = (name) => readFileSync("/proc/net/dev", "utf8").includes(`${name}:`);
const uplink = "uplink0";
const forwarding = (link) => `/proc/sys/net/ipv4/conf/${link}/forwarding`;
const forward = (link, value) => writeFileSync(forwarding(link), `${value}`);
const known = (table, id, what) => {
  if (books[table][id] === undefined) throw new Error(`no such ${what}: ${id}`);
  return books[table][id];
};
const networkDriver = {
  GetCapabilities: () => ({ Scope: "local", ConnectivityScope: "local" }),
  CreateNetwork({ NetworkID, IPv4Data, IPv6Data, Options }) {
    if (books.networks[NetworkID]) throw new Error(`network ${NetworkID} exists`);
    ip(`link add ${bridgeOf(NetworkID)} type bridge`);
    for (const { Gateway } of [...IPv4Data, ...IPv6Data])
      ip(`address add ${Gateway} dev ${bridgeOf(NetworkID)}${Gateway.includes(":") ? " nodad" : ""}`);
    ip(`link set ${bridgeOf(NetworkID)} up`);
    forward(bridgeOf(NetworkID), 1);
    books.networks[NetworkID] = { gateways: [...IPv4Data, ...IPv6Data].map(({ Gateway }) => bare(Gateway)), Options };
    return {};
  },
  DeleteNetwork({ NetworkID }) {
    known("networks", NetworkID, "network");
    if (hasLink(bridgeOf(NetworkID))) ip(`link delete ${bridgeOf(NetworkID)}`);
    delete books.networks[NetworkID];
  },
  CreateEndpoint({ NetworkID, EndpointID, Interface }) {
    known("networks", NetworkID, "network");
    if (books.endpoints[EndpointID]) throw new Error(`endpoint ${EndpointID} exists`);
    ip(`link add ${nearOf(EndpointID)} type veth peer name ${farOf(EndpointID)}`);
    ip(`link set ${nearOf(EndpointID)} master ${bridgeOf(NetworkID)} up`);
    books.endpoints[EndpointID] = { network: NetworkID, address: bare(Interface.Address) };
    return { Interface: Interface.MacAddress === "" ? { MacAddress: macOf(EndpointID) } : {} };
  },
  EndpointOperInfo({ EndpointID }) {
    return { Value: { near: nearOf(EndpointID), ...known("endpoints", EndpointID, "endpoint") } };
  },
  DeleteEndpoint({ EndpointID }) {
    known("endpoints", EndpointID, "endpoint");
    if (hasLink(farOf(EndpointID))) calls.push("Host.Returned");
    if (hasLink(nearOf(EndpointID))) ip(`link delete ${nearOf(EndpointID)}`);
    delete books.endpoints[EndpointID];
  },
  Join({ EndpointID, SandboxKey }) {
    const { network } = known("endpoints", EndpointID, "endpoint");
    if (!existsSync(SandboxKey)) throw new Error("no such sandbox");
    const [Gateway, GatewayIPv6 = ""] = known("networks", network, "network").gateways;
    const InterfaceName = { SrcName: farOf(EndpointID), DstPrefix: "wire" };
    return { InterfaceName, Gateway, GatewayIPv6, StaticRoutes: [{ Destination: "10.200.0.0/16", RouteType: 1 }] };
  },
  Leave({ EndpointID }) {
    known("endpoints", EndpointID, "endpoint");
    return null;
  },
  ProgramExternalConnectivity({ EndpointID, Options }) {
    const { address } = known("endpoints", EndpointID, "endpoint");
    const table = tableOf(EndpointID);
    books.forwarding ??= readFileSync(forwarding(uplink), "utf8").trim();
    forward(uplink, 1);
    books.endpoints[EndpointID].open = true;
    run("nft", `add table ip ${table}; add chain ip ${table} pre { type nat hook prerouting priority -100; }`);
    for (const { Proto, Port, HostPort } of Options["com.docker.network.portmap"] ?? [])
      run("nft", `add rule ip ${table} pre ip protocol ${Proto} th dport ${HostPort} dnat to ${address}:${Port}`);
  },
  RevokeExternalConnectivity({ EndpointID }) {
    delete known("endpoints", EndpointID, "endpoint").open;
    run("nft", `delete table ip ${tableOf(EndpointID)}`);
    if (Object.values(books.endpoints).some(({ open }) => open)) return;
    forward(uplink, books.forwarding);
    delete books.forwarding;
  },
};
const ipamDriver = {
  GetCapabilities: () => ({ RequiresMACAddress: true }),
  GetDefaultAddressSpaces: () => ({ LocalDefaultAddressSpace: "here", GlobalDefaultAddressSpace: "there" }),
  RequestPool({ Pool }) {
    const free = Array.from({ length: 256 }, (_, i) => `10.9${i % 10}.${i}.0/24`);
    const cidr = Pool || free.find((one) => books.pools[`here/${one}`] === undefined);
    books.pools[`here/${cidr}`] = {};
    return { PoolID: `here/${cidr}`, Pool: cidr, Data: {} };
  },
  ReleasePool({ PoolID }) {
    const left = Object.keys(known("pools", PoolID, "pool"));
    if (left.length > 0) throw new Error(`pool ${PoolID} has ${left.join(", ")}`);
    delete books.pools[PoolID];
  },
  RequestAddress({ PoolID, Address, Options }) {
    const pool = known("pools", PoolID, "pool");
    const mac = Options["com.docker.network.endpoint.macaddress"];
    if (Address === "" && mac === undefined && Options.RequestAddressType === undefined)
      throw new Error("no MAC address");
    const first = PoolID.replace("here/", "").replace(/\.0\/24$/, "");
    const hosts = Array.from({ length: 254 }, (_, i) => `${first}.${i + 1}`);
    const address = Address || hosts.find((one) => pool[one] === undefined);
    if (pool[address] !== undefined) throw new Error(`${address} is taken`);
    pool[address] = mac ?? "";
    return { Address: `${address}/24`, Data: {} };
  },
  ReleaseAddress({ PoolID, Address }) {
    const pool = known("pools", PoolID, "pool");
    if (pool[Address] === undefined) throw new Error(`${Address} is not taken`);
    delete pool[Address];
  },
};
const own = {
  Say: (what) => {
    says = what;
  },
  Books: () => books,
  Calls: () => calls.splice(0),
};
const plugin = { Activate: () => ({ Implements: ["NetworkDriver", "IpamDriver"] }) };
const types = { Plugin: plugin, NetworkDriver: networkDriver, IpamDriver: ipamDriver, Test: own };

/** What was ordered for this call, if something was. */
function ordered(verb, response) {
  const { [verb]: order, ...others } = says;
  if (order === undefined) return false;
  if (!order.always) says = others;
  if (order.close) response.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
  else if (order.flood) response.end(Buffer.alloc(50 * 1024 ** 2, 32));
  else if (!order.hang) response.writeHead(order.status ?? 200).end(order.body);
  return true;
}

function serve(verb, body, response) {
  if (!verb.startsWith("Test.")) calls = [...calls, `${verb} ${body.trim()}`.trim()];
  if (ordered(verb, response)) return;
  const [type, method] = verb.split(".");
  const work = types[type]?.[method];
  if (work === undefined) {
    response.writeHead(404).end("404 page not found\n");
    return;
  }
  let reply;
  try {
    reply = work(body === "" ? {} : JSON.parse(body));
  } catch (error) {
    reply = { [type === "IpamDriver" ? "Error" : "Err"]: `${error.stderr ?? error.message}` };
  }
  writeFileSync(file, JSON.stringify(books));
  response.end(JSON.stringify(reply ?? null));
}

rmSync(socket, { force: true });
createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => serve(request.url.slice(1), Buffer.concat(chunks).toString(), response));
}).listen(socket, () => process.stdout.write("serving\n"));
process.on("SIGTERM", () => process.exit());
