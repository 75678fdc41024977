import { posix } from "node:path";
import type { MountSpec } from "../../api/index.js";
import type { MountRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What a tmpfs has unless its options say otherwise; docker's. */
const defaults = ["noexec", "nosuid", "nodev"];

/** The opposite of each default and of `rw`, which takes its place. */
const opposites: Readonly<Record<string, string>> = { exec: "noexec", suid: "nosuid", dev: "nodev" };

/** Options of mount(8) and tmpfs(5) without a value. */
const plain =
  /^(defaults|ro|rw|(no)?(exec|suid|dev|atime|diratime|relatime|strictatime|sync|async)|(no)?swap|huge=(never|always|within_size|advise))$/;
const valued = /^(size=\d+[kmgKMG%]?|nr_(blocks|inodes)=\d+[kmgKMG]?|mode=[0-7]{1,5}|(uid|gid)=\d+|mpol=[\w:=,-]+)$/;

/** Parses docker's `--tmpfs PATH[:OPTIONS]`. Throws `invalid-input` with the value. */
export function parseTmpfs(text: string): MountRequest {
  const colon = text.indexOf(":");
  const given = colon < 0 ? text : text.slice(0, colon);
  const words = colon < 0 ? [] : text.slice(colon + 1).split(",");
  if (!given.startsWith("/") || given.includes("\0"))
    throw invalid(text, `"${given}" is not an absolute path in the container`);
  const target = posix.resolve(given);
  if (target === "/") throw invalid(text, "the root file system cannot be mounted over");
  return { type: "tmpfs", target, readOnly: words.includes("ro"), options: complete(text, words) };
}

/** The options of a mount of type tmpfs. */
export function tmpfsOptions({ target, size, mode, options = [], readOnly = false }: MountSpec): readonly string[] {
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0))
    throw invalid(target, `${size} is no size in bytes`);
  if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o7777))
    throw invalid(target, `${mode} is no mode`);
  const own = [
    ...(readOnly ? ["ro"] : []),
    ...(size === undefined ? [] : [`size=${size}`]),
    ...(mode === undefined ? [] : [`mode=${mode.toString(8)}`]),
  ];
  return complete(target, [...options, ...own]);
}

/** Everyone may write there, as in /tmp, unless a mode says otherwise. */
function complete(text: string, words: readonly string[]): readonly string[] {
  const wrong = words.find((word) => !plain.test(word) && !valued.test(word));
  if (wrong !== undefined) throw invalid(text, `"${wrong}" is no option of a tmpfs`);
  const given = words.filter((word) => word !== "defaults");
  const taken = new Set(given.map((word) => opposites[word]));
  const mode = given.some((word) => word.startsWith("mode=")) ? [] : ["mode=1777"];
  return [...defaults.filter((word) => !taken.has(word)), ...mode, ...given];
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_TMPFS_INVALID",
    message: `cannot mount a tmpfs at "${text}": ${why}`,
    hint: "Write for example --tmpfs /run:size=64m,mode=1777.",
    details: { value: text },
  });
}
