import type { Registry } from "./registry-entry.js";

/** What the commands are about that begin with a word. */
const subjects: Readonly<Record<string, string>> = {
  "": "Networks for containers.",
  cluster: "Hosts that share networks.",
  container: "Containers and their processes.",
  image: "Images, which containers are made of.",
  nat: "The packet filter that has tsd's rules.",
  network: "Networks for containers.",
  plugin: "Drivers and other plug-ins.",
  port: "Ports of containers that the host publishes.",
  system: "tsd and its host as a whole.",
  volume: "Volumes, which keep data of containers.",
};

/** The page of `tsd --help`, or with a topic that of `tsd network --help`: every command with its line, by its name there. Loads nothing. */
export function overview(registry: Registry, topic = ""): string {
  const listed = Object.entries(registry).flatMap(([id, { hidden, aliases = [], summary }]) => {
    const name = hidden ? undefined : [id, ...aliases].find((one) => belongsTo(one, topic));
    return name === undefined ? [] : [{ name, summary }];
  });
  const width = Math.max(...listed.map(({ name }) => name.length));
  const lines = listed.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  const subject = subjects[topic];
  const usage = topic === "" ? "COMMAND" : `${topic} COMMAND`;
  return [
    `Usage: tsd ${usage} [ARGUMENTS]`,
    "",
    ...(subject === undefined ? [] : [subject, ""]),
    "Commands:",
    ...lines,
    "",
    "`tsd COMMAND --help` explains one, with examples. Its `--debug` prints each step",
    "and how long it took. `tsd --version` prints the version.",
    "",
  ].join("\n");
}

function belongsTo(id: string, topic: string): boolean {
  return topic === "" || id.startsWith(`${topic} `);
}
