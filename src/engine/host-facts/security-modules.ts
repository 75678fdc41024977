import { existsSync, readFileSync } from "node:fs";
import type { LabelOption } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Throws `unsupported` for a label or profile on a host whose kernel would hold to it: tsd sets none. */
export function checkLabels(labels: readonly LabelOption[]): void {
  const held = labels.find(({ module }) => isThere[module]());
  if (held === undefined) return;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_SECURITY_LABEL",
    message: `--security-opt ${held.text} cannot be had: this host has ${held.module}, and tsd sets no profile and no label of it`,
    hint:
      held.module === "AppArmor"
        ? "Write apparmor=unconfined, or leave it out."
        : "Write label=disable, or leave it out.",
    details: { option: held.text },
  });
}

const isThere: Readonly<Record<LabelOption["module"], () => boolean>> = {
  AppArmor: () => {
    const path = "/sys/module/apparmor/parameters/enabled";
    return existsSync(path) && readFileSync(path, "utf8").startsWith("Y");
  },
  SELinux: () => existsSync("/sys/fs/selinux/enforce"),
};
