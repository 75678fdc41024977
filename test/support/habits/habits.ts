import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Words of docker's, with a script that has them do what docker does, or has tsd say what it has instead. */
export interface Habit {
  readonly words: string;
  readonly script: string;
}

const folder = import.meta.dirname;

/** What stands before each script. */
export const prelude = readFileSync(join(folder, "prelude.sh"), "utf8");

export const topics: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".sh") && name !== "prelude.sh")
  .map((name) => name.replace(/\.sh$/, ""));

export function habitsOf(topic: string): readonly Habit[] {
  const [, ...blocks] = `\n${readFileSync(join(folder, `${topic}.sh`), "utf8")}`.split("\n## ");
  return blocks.map((block) => {
    const [words = ""] = block.split("\n", 1);
    return { words: words.replace(/^\d+ /, ""), script: block.slice(words.length) };
  });
}
