import { spawn } from "node:child_process";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "../programs/inheritance.js";
import { ending } from "../programs/spawn.js";

export interface TreeOptions {
  /** Name in an open directory. */
  readonly name: string;
  /** What it is called in the archive. */
  readonly as: string;
  /** Holes take no room; readers other than GNU's and tsd's may not know how they are written. */
  readonly sparse?: boolean;
  /** Names below a directory have none of it before them. */
  readonly bare?: boolean;
  /** Nothing of other file systems below. */
  readonly oneFileSystem?: boolean;
}

/** Of extended attributes those that an image may have too: labels of this machine's security module stay here. */
const OPTIONS: readonly string[] = [
  "--create",
  "--file=-",
  "--format=posix",
  "--pax-option=delete=atime,delete=ctime",
  "--no-unquote",
  "--numeric-owner",
  "--xattrs",
  "--xattrs-include=security.capability",
  "--xattrs-include=user.*",
  "--warning=no-file-changed",
  "--warning=no-file-removed",
  "--warning=no-file-ignored",
];

/** Files that changed while they were read; their reader knows that they are in use. */
const CHANGED = 1;

const SAID_MAX = 65_536;

/**
 * A tar of what a name in an open directory is, by GNU tar, which follows no symbolic link and opens no special file. Throws
 * `runtime` after the last byte where something could not be read. Ends tar where the consumer stops.
 */
export async function* readTree(directory: number, options: TreeOptions): AsyncGenerator<Buffer> {
  const { name, as, sparse = false, oneFileSystem = false, bare = false } = options;
  const more = [...(sparse ? ["--sparse"] : []), ...(oneFileSystem ? ["--one-file-system"] : [])];
  const renamed = name === as ? [] : [`--transform=flags=rhS;s,^${literal(name)}\\(/\\|$\\),${literal(as)}\\1,`];
  const stripped = bare ? [`--transform=flags=rhS;s,^${literal(as)}/\\(.\\),\\1,`] : [];
  const args = [
    "--pdeathsig",
    "KILL",
    "tar",
    ...OPTIONS,
    ...more,
    ...renamed,
    ...stripped,
    "--directory=/proc/self/fd/0",
    "--",
    name,
  ];
  const program = boundaryOperation({ into: "program", what: () => `tar --create ${name}`, reads: true }, () =>
    spawn("setpriv", args, {
      stdio: [directory, "pipe", "pipe"],
      env: { ...inheritance(), TAR_OPTIONS: "", LC_ALL: "C" },
    }),
  );
  let said = "";
  program.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (said.length < SAID_MAX) said += text;
  });
  const ended = ending(program, "tar", "close");
  // It is looked at below; until then it is no failure that nobody sees.
  ended.catch(() => undefined);
  try {
    for await (const chunk of program.stdout ?? []) yield chunk as Buffer;
    const code = await ended;
    if (code !== 0 && code !== CHANGED) throw unreadable(name, said);
  } finally {
    program.kill("SIGKILL");
  }
}

/** As sed(1) takes it literally, in a pattern and in a replacement. */
function literal(name: string): string {
  return name.replace(/[\\.*[\]^$&,;]/g, "\\$&").replaceAll("\n", "\\n");
}

function unreadable(name: string, said: string): TsdError {
  const first = said
    .trim()
    .split("\n")[0]
    ?.replace(/^tar: /, "");
  return new TsdError({
    kind: "runtime",
    code: "TSD_COPY_UNREADABLE",
    message: `${name} cannot be read whole: ${first || "tar failed"}`,
    hint: "What was copied until then stays.",
    details: { name, stderr: said },
  });
}
