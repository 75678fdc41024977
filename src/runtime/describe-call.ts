import type { RuntimeCall, RuntimeRun } from "../contracts/index.js";
import { signalNumber } from "../contracts/signal-number.js";
import { shellLine } from "../kernel/shell-words.js";
import type { Bundle } from "./bundle.js";
import type { Cgroups } from "./cgroup-mode.js";
import { conmonArguments, type Supervision } from "./conmon.js";
import { freezerWords } from "./freezer.js";
import { limitWrites } from "./live-limits.js";

/** What the words are made of, apart from the call. */
export interface CallContext extends Omit<Supervision, "spec"> {
  readonly logPath: string;
  readonly cgroups: Cgroups;
}

/** What {@link OciRuntime} does at a call, in words for a shell; what is gone already is left out. */
export function describeCall(call: RuntimeCall, context: CallContext): readonly string[] {
  const { bundle, runtime, logPath, logDir } = context;
  switch (call.verb) {
    case "create":
      return [
        shellLine(["mkdir", "-p", "-m", "0700", logDir, bundle.exits]),
        `install -m 0600 /dev/stdin ${bundle.config} < config.json`,
        shellLine([context.conmon, ...conmonArguments({ ...context, spec: call.spec })]),
      ];
    case "start":
      return [shellLine([...runtime.argv(bundle), "start", call.id])];
    case "kill":
      return kill(processOf(call, bundle), signalNumber(call.signal));
    case "remove":
      return [
        ...kill(bundle.readSupervisorPid(), 9),
        ...kill(processOf(call, bundle), 9),
        ...(bundle.hasState() && !runtime.keepsOnlyFiles
          ? [shellLine([...runtime.argv(bundle), "delete", "--force", bundle.id])]
          : []),
        ...(bundle.exists() ? [shellLine(["rm", "-r", bundle.path])] : []),
      ];
    case "see-to-end":
      return [shellLine(["setsid", "--fork", ...context.exitCommand, call.id])];
    case "freeze":
    case "thaw":
      return [freezerWords(call.id, call.verb)];
    case "limit":
      return limitWrites(call.id, call.present, call.wanted, context.cgroups).map(
        ({ path, value }) => `echo ${shellLine([value])} > ${path}`,
      );
    case "forget":
      return [shellLine(["rm", "-f", logPath])];
  }
}

function processOf({ run }: { readonly run: RuntimeRun }, bundle: Bundle): number | undefined {
  return (run.process ?? bundle.readProcess())?.pid;
}

function kill(pid: number | undefined, signal: number): readonly string[] {
  return pid === undefined ? [] : [`kill -${signal} ${pid}`];
}
