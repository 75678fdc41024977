import type { ExecSpec, TerminalSize } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import { type Field, isAbsent, member, readInteger, readList } from "../../contracts/json-field.js";
import { flagOf, textOf, textsOf, wordsOf } from "./fields.js";

/** Characters that a side of a terminal has at most, ioctl_tty(2). */
const LONGEST_SIDE = 0xffff;

/** Another command of a container's that a client asks for, before it says when it begins. */
export interface ExecRequest {
  readonly spec: ExecSpec;
  readonly attached: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly detachKeys: string | undefined;
  readonly size: TerminalSize | undefined;
}

/** The body of `POST /containers/{id}/exec`; its command may be empty. */
export function execRequest(body: Field): ExecRequest {
  const attached = {
    stdin: flagOf(body, "AttachStdin"),
    stdout: flagOf(body, "AttachStdout"),
    stderr: flagOf(body, "AttachStderr"),
  };
  const spec = {
    command: wordsOf(body, "Cmd") ?? [],
    tty: flagOf(body, "Tty"),
    interactive: attached.stdin,
    ...optional("env", textsOf(body, "Env")),
    ...optional("workdir", textOf(body, "WorkingDir")),
    ...optional("user", textOf(body, "User")),
    ...(flagOf(body, "Privileged") ? { privileged: true } : {}),
  };
  return { spec, attached, detachKeys: textOf(body, "DetachKeys"), size: consoleSizeOf(body) };
}

/** `ConsoleSize`, height before width; what has no size is undefined. */
export function consoleSizeOf(body: Field): TerminalSize | undefined {
  const field = member(body, "ConsoleSize");
  if (isAbsent(field)) return undefined;
  const [rows = 0, columns = 0] = readList(field, (side) => readInteger(side, 0, LONGEST_SIDE));
  return rows === 0 || columns === 0 ? undefined : { rows, columns };
}
