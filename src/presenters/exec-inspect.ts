import type { ExecSpec } from "../api/index.js";

interface Exec {
  readonly id: string;
  /** Id of its container. */
  readonly container: string;
  readonly isRunning: boolean;
  readonly exitCode: number | undefined;
  /** Of its process on the host, while it runs. */
  readonly pid: number | undefined;
  readonly spec: ExecSpec;
  readonly attached: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly detachKeys: string | undefined;
}

/** Another command of a container's as docker shows it (Engine API, `ExecInspect`). */
export function execInspect(exec: Exec): Readonly<Record<string, unknown>> {
  const { tty = false, privileged = false, user, command } = exec.spec;
  const [entrypoint = "", ...args] = command;
  return {
    ID: exec.id,
    Running: exec.isRunning,
    ExitCode: exec.exitCode ?? null,
    ProcessConfig: { tty, entrypoint, arguments: args, privileged, ...(user === undefined ? {} : { user }) },
    OpenStdin: exec.attached.stdin,
    OpenStderr: exec.attached.stderr,
    OpenStdout: exec.attached.stdout,
    CanRemove: false,
    ContainerID: exec.container,
    DetachKeys: exec.detachKeys ?? "",
    Pid: exec.pid ?? 0,
  };
}
