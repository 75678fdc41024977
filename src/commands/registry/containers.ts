import type { Registry } from "../../cli/registry-entry.js";

/** docker has every command on containers both alone and behind the word `container`. */
function ofContainer(...names: readonly string[]): readonly string[] {
  return names.map((name) => `container ${name}`);
}

/** Commands on containers. */
export const containers: Registry = {
  run: {
    summary: "Run a command in a new container",
    load: () => import("../run.js"),
    aliases: ofContainer("run"),
  },
  create: {
    summary: "Make a container without starting it",
    load: () => import("../create.js"),
    aliases: ofContainer("create"),
  },
  exec: {
    summary: "Run another command in a running container",
    load: () => import("../exec.js"),
    aliases: ofContainer("exec"),
  },
  ps: {
    summary: "List containers",
    load: () => import("../ps.js"),
    aliases: ofContainer("ls", "list", "ps"),
  },
  attach: {
    summary: "Connect to the input and output of a running container",
    load: () => import("../attach.js"),
    aliases: ofContainer("attach"),
  },
  top: {
    summary: "List the processes of a container",
    load: () => import("../top.js"),
    aliases: ofContainer("top"),
  },
  stats: {
    summary: "Show what containers use",
    load: () => import("../stats.js"),
    aliases: ofContainer("stats"),
  },
  inspect: {
    summary: "Show containers, networks and images in full",
    load: () => import("../inspect.js"),
    aliases: ofContainer("inspect"),
  },
  logs: {
    summary: "Show what a container wrote",
    load: () => import("../logs.js"),
    aliases: ofContainer("logs"),
  },
  port: {
    summary: "Show where a container's ports are published",
    load: () => import("../port.js"),
    aliases: ofContainer("port"),
  },
  "port add": {
    summary: "Publish more ports of a running container",
    load: () => import("../port/add.js"),
    aliases: ofContainer("port add"),
  },
  "port rm": {
    summary: "End publications of a running container",
    load: () => import("../port/rm.js"),
    aliases: [...ofContainer("port rm", "port remove"), "port remove"],
  },
  start: {
    summary: "Start stopped containers",
    load: () => import("../start.js"),
    aliases: ofContainer("start"),
  },
  stop: {
    summary: "Stop running containers",
    load: () => import("../stop.js"),
    aliases: ofContainer("stop"),
  },
  restart: {
    summary: "Stop containers and start them again",
    load: () => import("../restart.js"),
    aliases: ofContainer("restart"),
  },
  kill: {
    summary: "Send a signal to containers",
    load: () => import("../kill.js"),
    aliases: ofContainer("kill"),
  },
  pause: {
    summary: "Stop the processes of containers where they are",
    load: () => import("../pause.js"),
    aliases: ofContainer("pause"),
  },
  unpause: {
    summary: "Let paused containers go on",
    load: () => import("../unpause.js"),
    aliases: ofContainer("unpause"),
  },
  update: {
    summary: "Change the limits of containers",
    load: () => import("../update.js"),
    aliases: ofContainer("update"),
  },
  rename: {
    summary: "Give a container another name",
    load: () => import("../rename.js"),
    aliases: ofContainer("rename"),
  },
  rm: {
    summary: "Remove containers",
    load: () => import("../rm.js"),
    aliases: ofContainer("rm", "remove"),
  },
  "container prune": {
    summary: "Remove all containers that do not run",
    load: () => import("../container/prune.js"),
  },
  cp: {
    summary: "Copy files between a container and this machine",
    load: () => import("../cp.js"),
    aliases: ofContainer("cp"),
  },
  diff: {
    summary: "List what a container has changed of its image's files",
    load: () => import("../diff.js"),
    aliases: ofContainer("diff"),
  },
  export: {
    summary: "Write a container's files as a tar",
    load: () => import("../export.js"),
    aliases: ofContainer("export"),
  },
  wait: {
    summary: "Wait until containers have ended",
    load: () => import("../wait.js"),
    aliases: ofContainer("wait"),
  },
  "container exists": {
    summary: "Say by the exit code whether a container exists",
    load: () => import("../container/exists.js"),
  },
  "container release": {
    summary: "Give back what an ended container held",
    load: () => import("../container/release.js"),
    hidden: true,
  },
};
