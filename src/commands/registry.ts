import type { Registry } from "../cli/registry-entry.js";

/** docker has every command on containers both alone and behind the word `container`. */
function ofContainer(...names: readonly string[]): readonly string[] {
  return names.map((name) => `container ${name}`);
}

/** Every command, without loading one. */
export const commands: Registry = {
  run: {
    summary: "Run a command in a new container",
    load: () => import("./run.js"),
    aliases: ofContainer("run"),
  },
  create: {
    summary: "Make a container without starting it",
    load: () => import("./create.js"),
    aliases: ofContainer("create"),
  },
  exec: {
    summary: "Run another command in a running container",
    load: () => import("./exec.js"),
    aliases: ofContainer("exec"),
  },
  ps: {
    summary: "List containers",
    load: () => import("./ps.js"),
    aliases: ofContainer("ls", "list", "ps"),
  },
  attach: {
    summary: "Connect to the input and output of a running container",
    load: () => import("./attach.js"),
    aliases: ofContainer("attach"),
  },
  top: {
    summary: "List the processes of a container",
    load: () => import("./top.js"),
    aliases: ofContainer("top"),
  },
  stats: {
    summary: "Show what containers use",
    load: () => import("./stats.js"),
    aliases: ofContainer("stats"),
  },
  inspect: {
    summary: "Show containers, networks and images in full",
    load: () => import("./inspect.js"),
    aliases: ofContainer("inspect"),
  },
  logs: {
    summary: "Show what a container wrote",
    load: () => import("./logs.js"),
    aliases: ofContainer("logs"),
  },
  port: {
    summary: "Show where a container's ports are published",
    load: () => import("./port.js"),
    aliases: ofContainer("port"),
  },
  ports: {
    summary: "List the published ports of the host",
    load: () => import("./ports.js"),
  },
  "port add": {
    summary: "Publish more ports of a running container",
    load: () => import("./port/add.js"),
    aliases: ofContainer("port add"),
  },
  "port rm": {
    summary: "End publications of a running container",
    load: () => import("./port/rm.js"),
    aliases: [...ofContainer("port rm", "port remove"), "port remove"],
  },
  start: {
    summary: "Start stopped containers",
    load: () => import("./start.js"),
    aliases: ofContainer("start"),
  },
  stop: {
    summary: "Stop running containers",
    load: () => import("./stop.js"),
    aliases: ofContainer("stop"),
  },
  restart: {
    summary: "Stop containers and start them again",
    load: () => import("./restart.js"),
    aliases: ofContainer("restart"),
  },
  kill: {
    summary: "Send a signal to containers",
    load: () => import("./kill.js"),
    aliases: ofContainer("kill"),
  },
  pause: {
    summary: "Stop the processes of containers where they are",
    load: () => import("./pause.js"),
    aliases: ofContainer("pause"),
  },
  unpause: {
    summary: "Let paused containers go on",
    load: () => import("./unpause.js"),
    aliases: ofContainer("unpause"),
  },
  update: {
    summary: "Change the limits of containers",
    load: () => import("./update.js"),
    aliases: ofContainer("update"),
  },
  rename: {
    summary: "Give a container another name",
    load: () => import("./rename.js"),
    aliases: ofContainer("rename"),
  },
  rm: {
    summary: "Remove containers",
    load: () => import("./rm.js"),
    aliases: ofContainer("rm", "remove"),
  },
  wait: {
    summary: "Wait until containers have ended",
    load: () => import("./wait.js"),
    aliases: ofContainer("wait"),
  },
  "container exists": {
    summary: "Say by the exit code whether a container exists",
    load: () => import("./container/exists.js"),
  },
  "container release": {
    summary: "Give back what an ended container held",
    load: () => import("./container/release.js"),
    hidden: true,
  },
  "network create": {
    summary: "Create a network",
    load: () => import("./network/create.js"),
  },
  "network ls": {
    summary: "List networks",
    load: () => import("./network/ls.js"),
    aliases: ["network list"],
  },
  "network inspect": {
    summary: "Show networks in full",
    load: () => import("./network/inspect.js"),
  },
  "network exists": {
    summary: "Say by the exit code whether a network exists",
    load: () => import("./network/exists.js"),
  },
  "network rm": {
    summary: "Remove networks",
    load: () => import("./network/rm.js"),
    aliases: ["network remove"],
  },
  "network update": {
    summary: "Change a network that is in use",
    load: () => import("./network/update.js"),
  },
  "network prune": {
    summary: "Remove all networks that nothing uses",
    load: () => import("./network/prune.js"),
  },
  "network connect": {
    summary: "Put a container or a namespace on a network",
    load: () => import("./network/connect.js"),
  },
  "network disconnect": {
    summary: "Take a container or a namespace off a network",
    load: () => import("./network/disconnect.js"),
  },
  names: {
    summary: "List the names by which containers know each other",
    load: () => import("./names.js"),
    aliases: ["network names"],
  },
  "image pull": {
    summary: "Fetch an image from a registry",
    load: () => import("./image/pull.js"),
    aliases: ["pull"],
  },
  "image import": {
    summary: "Make an image from a tar of a root file system",
    load: () => import("./image/import.js"),
    aliases: ["import"],
  },
  "image load": {
    summary: "Read images from an archive",
    load: () => import("./image/load.js"),
    aliases: ["load"],
  },
  "image exists": {
    summary: "Say by the exit code whether an image exists",
    load: () => import("./image/exists.js"),
  },
  "image ls": {
    summary: "List images",
    load: () => import("./image/ls.js"),
    aliases: ["image list", "images"],
  },
  "image inspect": {
    summary: "Show images in full",
    load: () => import("./image/inspect.js"),
  },
  "image history": {
    summary: "Show how an image was made",
    load: () => import("./image/history.js"),
    aliases: ["history"],
  },
  "image tag": {
    summary: "Give an image one more name",
    load: () => import("./image/tag.js"),
    aliases: ["tag"],
  },
  "image save": {
    summary: "Write images to an archive",
    load: () => import("./image/save.js"),
    aliases: ["save"],
  },
  "image rm": {
    summary: "Remove images",
    load: () => import("./image/rm.js"),
    aliases: ["image remove", "rmi"],
  },
  "plugin add": {
    summary: "Install a driver or another plug-in",
    load: () => import("./plugin/add.js"),
    aliases: ["plugin install"],
  },
  "plugin ls": {
    summary: "List plug-ins",
    load: () => import("./plugin/ls.js"),
    aliases: ["plugin list"],
  },
  "plugin inspect": {
    summary: "Show plug-ins in full",
    load: () => import("./plugin/inspect.js"),
  },
  "plugin rm": {
    summary: "Remove plug-ins",
    load: () => import("./plugin/rm.js"),
    aliases: ["plugin remove"],
  },
  "plugin serve": {
    summary: "Serve docker as a network driver",
    load: () => import("./plugin/serve.js"),
  },
  "plugin new": {
    summary: "Write the project of a new driver",
    load: () => import("./plugin/new.js"),
  },
  "system info": {
    summary: "Show versions, backends and paths",
    load: () => import("./system/info.js"),
    aliases: ["info"],
  },
  version: {
    summary: "Show the versions of tsd and of what it runs",
    load: () => import("./version.js"),
  },
  events: {
    summary: "Print what happens, as it happens",
    load: () => import("./events.js"),
    aliases: ["system events"],
  },
  doctor: {
    summary: "Look for what is in the way, and not tsd's to change",
    load: () => import("./doctor.js"),
  },
  explain: {
    summary: "Tell the way of a packet, and whether it arrives",
    load: () => import("./explain.js"),
  },
  capture: {
    summary: "Capture a container's packets",
    load: () => import("./capture.js"),
  },
  map: {
    summary: "Draw the host's networks and who is on them",
    load: () => import("./map.js"),
  },
  check: {
    summary: "Compare the machine with what tsd made",
    load: () => import("./check.js"),
  },
  reload: {
    summary: "Repair what differs from what tsd made",
    load: () => import("./reload.js"),
    aliases: ["network reload"],
  },
  gc: {
    summary: "Free what was left over and nobody claims",
    load: () => import("./gc.js"),
    aliases: ["system gc"],
  },
  "system init": {
    summary: "Set what holds for the host as a whole",
    load: () => import("./system/init.js"),
  },
  "nat use": {
    summary: "Move all rules to another packet filter",
    load: () => import("./nat/use.js"),
  },
  "plugin verify": {
    summary: "Verify a plug-in by the suite that tsd's own pass",
    load: () => import("./plugin/verify.js"),
  },
  completion: {
    summary: "Print a completion script for bash, zsh or fish",
    load: async () => ({ default: (await import("./completion.js")).completionOf(commands) }),
  },
};
