import { readFileSync } from "node:fs";
import type { Difference } from "./differences.js";

/** A line of docs/engine-api.md: why some fields of replies are not as dockerd has them. */
export interface Explained {
  /** Replies by the words that say what was asked, or `any`. */
  readonly replies: readonly string[];
  /** Without the numbers of lists and without ids; `*` stands for what a word ends in, `**` for all that is below. */
  readonly fields: readonly string[];
  /** `absent` and `null` are meant as they stand, other words are for people. */
  readonly dockerd: string;
  readonly tsd: string;
}

const running = ["container that runs", "container on two networks", "container that is paused"];
const resting = ["container that is created", "container that has ended"];

/** Words of the table that stand for several replies. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "each network": ["network", "networks", "default network", "network with a container"],
  "each container": [...running, ...resting],
  "containers at rest": resting,
  "lists of containers": ["containers", "containers that have ended", "disk usage"],
  "each command": ["command that is created", "command that has ended", "command that runs", "command that is missing"],
};

/** The lines of the table `Field by field`. */
export function readExplained(): readonly Explained[] {
  const [, table = ""] = readFileSync("docs/engine-api.md", "utf8").split("## Field by field\n");
  const rows = table.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| replies"));
  return rows.map((row) => {
    const [replies = "", fields = "", dockerd = "", tsd = ""] = row
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    return {
      replies: replies.split(", ").flatMap((word) => groups[word] ?? [word]),
      fields: [...fields.matchAll(/`([^`]+)`/g)].map(([, field = ""]) => field),
      ...{ dockerd, tsd },
    };
  });
}

/** Whether a line of the table is about a difference. */
export function explains({ replies, fields, ...line }: Explained, difference: Difference): boolean {
  const name = difference.field.replace(/\[\d+\]/g, "").replace(/^\./, "") || "entry";
  const isMeant = replies.includes("any") || replies.includes(difference.reply);
  if (!isMeant || !fields.some((field) => patternOf(field).test(name))) return false;
  const { docker, tsd } = difference;
  if (line.dockerd === "absent") return docker === undefined;
  if (line.tsd === "absent") return tsd === undefined;
  return line.dockerd !== "`null`" || (docker === "null" && (tsd === "[]" || tsd === "{}"));
}

function patternOf(field: string): RegExp {
  const source = field.replace(/[.]|\*\*|\*/g, (sign) => ({ ".": "\\.", "**": ".*", "*": "[^.]*" })[sign] ?? sign);
  return new RegExp(`^${source}$`);
}
