import type { Action } from "./actions.js";
import { changingCommands } from "./changing-commands.js";
import { clusterCommands } from "./cluster-commands.js";
import { cniCommands } from "./cni-commands.js";
import { cniHostCommands } from "./cni-host-commands.js";
import { dockerCommands } from "./docker-commands.js";
import { dockerHostCommands } from "./docker-host-commands.js";
import type { DoomedCommand } from "./doomed-command.js";
import { imageCommands } from "./image-commands.js";
import { installedCommands } from "./installed-commands.js";
import { lanCommands } from "./lan-commands.js";
import { lifeCommands } from "./life-commands.js";
import { netavarkCommands } from "./netavark-commands.js";
import { pluginCommands } from "./plugin-commands.js";
import { podmanCommands } from "./podman-commands.js";
import { volumeCommands } from "./volume-commands.js";

const image = "busybox";
const sleep = ["sleep", "600"];
const web = {
  ...{ image, name: "web", command: sleep, publish: ["8080:80", "9000-9009:9000-9009/udp"] },
  networks: [{ network: "a", address: "10.80.0.9" }],
};
const c = { name: "c", subnets: ["10.82.0.1/24"] };
const b = { network: "b", address: "10.81.0.9" };

const makeWeb: Action = ["containers", "runDetached", web];
const sayAndSleep = ["sh", "-c", "echo up; exec sleep 600"];
const stayWithWeb: Action = [
  "stay",
  "run",
  "--name",
  "web",
  "--net",
  "a",
  "--ip",
  "10.80.0.9",
  "-p",
  "8080:80",
  image,
  ...sayAndSleep,
];
const createWeb: Action = ["containers", "create", web];
const removeWeb: Action = ["containers", "remove", "web", { force: true }];
const removeOther: Action = ["containers", "remove", "other", { force: true }];
const startWeb: Action = ["containers", "start", "web"];
const stopWeb: Action = ["containers", "stop", "web", 0];
const connectWeb: Action = ["networks", "connect", "web", b];
const disconnectWeb: Action = ["networks", "disconnect", "web", "b"];
const makeC: Action = ["networks", "create", c];
const makeNameless: Action = ["networks", "create", { ...c, disableDns: true }];
const makeWebNameless: Action = ["containers", "runDetached", { ...web, networks: [{ network: "c" }] }];
const removeC: Action = ["networks", "remove", "c"];
const makeGuest: Action = [
  "containers",
  "runDetached",
  { image, name: "guest", command: sleep, networks: [{ network: "container:web" }] },
];

const makeBridge: Action = ["shell", "ip link add theirs up type bridge"];
const makeAdopted: Action = ["networks", "create", { ...c, options: { adopt: "true", name: "theirs" } }];

const loseTable: Action = ["shell", "nft delete table inet tsd"];
/** A rule is gone, and a set must be made again: two transactions. */
const damageTable: Action = ["shell", "nft 'flush chain inet tsd inward; add element inet tsd open { * }'"];
/** A chain of somebody else's, which drops what networks send and get. */
const dropForwarded: Action = [
  "shell",
  "nft 'add table inet fw; add chain inet fw f { type filter hook forward priority 0; policy drop; }'",
];
const openForwarded: Action = ["system", "fix"];
const endForwarded: Action = ["shell", "nft delete table inet fw"];
/** What was asked for is forgotten with the last network. */
const renewNetworks: readonly Action[] = [
  ["networks", "remove", "a"],
  ["networks", "remove", "b"],
  ["networks", "create", { name: "a", subnets: ["10.80.0.1/24"] }],
  ["networks", "create", { name: "b", subnets: ["10.81.0.1/24"] }],
];
/** Another interface leads out, and the way that was there is narrower. */
const changeWaysOut: Action = [
  "shell",
  "ip link set uplink0 mtu 1400; ip link add up9 up type veth peer name far9; ip address add 192.0.2.9/24 dev up9",
];
const changeWaysBack: Action = ["shell", "ip link delete up9; ip link set uplink0 mtu 1500"];

/** Words of a `tsd run` that makes the container "other". */
function runOther(...flags: readonly string[]): readonly string[] {
  return ["run", "-d", "--name", "other", ...flags, image, ...sleep];
}

/** On a host with the networks "a" and "b", the image busybox, and nothing else. */
export const doomedCommands: Readonly<Record<string, DoomedCommand>> = {
  "network create": { words: ["network", "create", "--subnet", "10.82.0.1/24", "c"], back: [removeC] },
  "network create, IPv6 and icc=false": {
    words: ["network", "create", "--subnet", "10.82.0.1/24", "--subnet", "fd00:82::1/64", "-o", "icc=false", "c"],
    back: [removeC],
  },
  "network create over a bridge of somebody else's": {
    before: [makeBridge],
    words: ["network", "create", "--subnet", "10.82.0.1/24", "-o", "adopt=true", "-o", "name=theirs", "c"],
    back: [removeC],
    after: [["shell", "ip link delete theirs"]],
  },
  "network rm of a bridge of somebody else's": {
    before: [makeBridge, makeAdopted],
    words: ["network", "rm", "c"],
    back: [makeAdopted],
    after: [removeC, ["shell", "ip link delete theirs"]],
  },
  ...lanCommands,
  ...dockerHostCommands,
  "network rm": { before: [makeC], words: ["network", "rm", "c"], back: [makeC] },
  "network prune": { before: [makeWeb, connectWeb, makeC], words: ["network", "prune", "--force"], back: [makeC] },
  create: {
    words: ["create", "--name", "other", "--net", "a", "--ip", "10.80.0.19", image, ...sleep],
    back: [removeOther],
  },
  "run -d -p": {
    words: runOther("--net", "a", "--ip", "10.80.0.19", "-p", "8081:80", "-p", "9100-9109:9100-9109/udp"),
    back: [removeOther],
  },
  "run -d beside a neighbour, linked to it": {
    before: [makeWeb],
    words: runOther("--net", "a", "--ip", "10.80.0.19", "--link", "web:db"),
    back: [removeOther],
  },
  "run -d on two networks": {
    words: runOther("--net", "name=a,ip=10.80.0.19", "--net", "name=b,ip=10.81.0.19"),
    back: [removeOther],
  },
  "run -d --net container": { before: [makeWeb], words: runOther("--net", "container:web"), back: [removeOther] },
  "run -d --net host": { words: runOther("--net", "host"), back: [removeOther] },
  ...lifeCommands,
  exec: { before: [makeWeb], words: ["exec", "web", "sh", "-c", "echo up; sleep 0.1"], back: [] },
  "run --rm": { words: ["run", "--rm", "--net", "a", "--ip", "10.80.0.19", "-p", "8081:80", image, "true"], back: [] },
  "run -d -p, by the nft program": {
    words: runOther("--net", "a", "--ip", "10.80.0.19", "-p", "8081:80", "-p", "53:53/udp"),
    env: { TSD_NFT: "exec" },
    back: [removeOther],
  },
  "run -d -p, under iptables": {
    before: [["system", "useNat", "iptables"]],
    after: [["system", "useNat", "nftables"]],
    words: runOther("--net", "a", "--ip", "10.80.0.19", "-p", "8081:80", "-p", "53:53/udp"),
    back: [removeOther],
  },
  start: { before: [createWeb], words: ["start", "web"], back: [removeWeb, createWeb] },
  "start again": { before: [makeWeb, stopWeb], words: ["start", "web"], back: [stopWeb] },
  stop: { before: [makeWeb], words: ["stop", "-t", "0", "web"], back: [startWeb] },
  "stop of one whose network another shares": {
    before: [makeWeb, makeGuest],
    words: ["stop", "-t", "0", "web"],
    back: [startWeb],
  },
  "restart of one whose network another shares": {
    before: [makeWeb, makeGuest],
    words: ["restart", "-t", "0", "web"],
    back: [],
    between: [stopWeb],
  },
  ...changingCommands,
  rm: { before: [createWeb], words: ["rm", "web"], back: [createWeb] },
  "rm -f": { before: [makeWeb], words: ["rm", "-f", "web"], back: [makeWeb] },
  "rm -f of several": {
    before: [makeWeb, ["tsd", ...runOther("--net", "a", "--ip", "10.80.0.19")]],
    words: ["rm", "-f", "web", "other"],
    back: [makeWeb, ["tsd", ...runOther("--net", "a", "--ip", "10.80.0.19")]],
    after: [["containers", "remove", "other", { force: true }]],
  },
  "rm -f of one in the foreground": { before: [stayWithWeb], words: ["rm", "-f", "web"], back: [stayWithWeb] },
  "network connect": {
    before: [makeWeb],
    words: ["network", "connect", "--ip", "10.81.0.9", "--gw-priority", "1", "b", "web"],
    back: [disconnectWeb],
  },
  "network connect before the start": {
    before: [createWeb],
    words: ["network", "connect", "--ip", "10.81.0.9", "b", "web"],
    back: [disconnectWeb],
  },
  "network connect to the first with names": {
    before: [makeNameless, makeWebNameless],
    words: ["network", "connect", "--ip", "10.81.0.9", "b", "web"],
    back: [disconnectWeb],
    after: [removeWeb, removeC],
  },
  "network disconnect from the last with names": {
    before: [makeNameless, makeWebNameless, connectWeb],
    words: ["network", "disconnect", "b", "web"],
    back: [connectWeb],
    after: [removeWeb, removeC],
  },
  "network update": {
    before: [makeWeb],
    words: ["network", "update", "--opt", "mtu=1400", "--opt", "icc=false", "a"],
    back: [["networks", "update", "a", { options: { mtu: "", icc: "" } }]],
    after: [removeWeb],
  },
  "network disconnect": {
    before: [makeWeb, connectWeb],
    words: ["network", "disconnect", "b", "web"],
    back: [connectWeb],
  },
  "network disconnect from where ports are published": {
    before: [makeWeb, connectWeb],
    words: ["network", "disconnect", "a", "web"],
    back: [removeWeb, makeWeb, connectWeb],
  },
  ...volumeCommands,
  ...clusterCommands,
  "port add": {
    before: [makeWeb],
    words: ["port", "add", "web", "8443:443", "5353:53/udp"],
    back: [["containers", "unpublish", "web", ["443", "53/udp"]]],
  },
  "port rm": {
    before: [makeWeb],
    words: ["port", "rm", "web", "80"],
    back: [["containers", "publish", "web", ["8080:80"]]],
  },
  "nat use": {
    // iptables keeps its own tables from the first use on.
    before: [makeWeb, ["system", "useNat", "iptables"], ["system", "useNat", "nftables"]],
    words: ["nat", "use", "iptables"],
    back: [["system", "useNat", "nftables"]],
  },
  "nat use, back again": {
    before: [makeWeb, ["system", "useNat", "iptables"]],
    after: [["system", "useNat", "nftables"]],
    words: ["nat", "use", "nftables"],
    back: [["system", "useNat", "iptables"]],
  },
  "system init": {
    before: [
      ["system", "init", { bip: "10.83.0.1/24" }],
      ["system", "init", {}, { reset: true }],
    ],
    words: ["system", "init", "--bip", "10.83.0.1/24", "--icc=false"],
    back: [["system", "init", {}, { reset: true }]],
    after: [
      ["system", "init", { bridge: "none" }, { reset: true }],
      ["system", "init", {}, { reset: true }],
    ],
  },
  "reload after the table was lost": {
    before: [makeWeb, loseTable],
    words: ["reload"],
    back: [loseTable],
    between: "any part",
    after: [["tsd", "reload"]],
  },
  "reload after rules were changed": {
    before: [makeWeb, damageTable],
    words: ["reload"],
    back: [damageTable],
    between: "any part",
    after: [["tsd", "reload"]],
  },
  "reload after the host's ways out changed": {
    before: [makeWeb, changeWaysOut],
    words: ["reload"],
    back: [changeWaysBack, ["tsd", "reload"], changeWaysOut],
    between: "any part",
    after: [changeWaysBack, ["tsd", "reload"]],
  },
  "doctor --fix": {
    before: [dropForwarded],
    words: ["doctor", "--fix"],
    next: [["tsd", "reload"]],
    back: renewNetworks,
    after: [endForwarded],
  },
  "network rm of one that passes a chain of others": {
    before: [makeC, dropForwarded, openForwarded],
    words: ["network", "rm", "c"],
    back: [makeC],
    after: [endForwarded],
  },
  "whatever comes after a container and its supervisor were killed": {
    before: [makeWeb, ["end", "web"]],
    words: ["ps"],
    back: [startWeb, ["end", "web"]],
  },
  ...podmanCommands,
  ...imageCommands,
  ...pluginCommands,
  ...cniCommands,
  ...netavarkCommands,
  ...cniHostCommands,
  ...dockerCommands,
  ...installedCommands,
};
