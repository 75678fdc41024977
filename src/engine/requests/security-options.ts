import type { Confinement, LabelOption } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { parseSeccompProfile } from "./seccomp-profile.js";

/** What `--security-opt` says. */
export interface SecurityOptions extends Pick<Confinement, "seccomp" | "noNewPrivileges" | "unmasked"> {
  /** Options of AppArmor and SELinux that ask for more than tsd does, which count on hosts that have these. */
  readonly labels: readonly LabelOption[];
}

/** Parses docker's options, with `=` or an old `:` behind their names; the last of a kind holds. Throws `invalid-input`. */
export function parseSecurityOptions(texts: readonly string[]): SecurityOptions {
  let options: SecurityOptions = { noNewPrivileges: false, unmasked: false, labels: [] };
  for (const text of texts) {
    const [, name = "", value] = /^([a-z-]+)(?:[=:]([\s\S]+))?$/.exec(text) ?? [];
    const changed = Object.hasOwn(kinds, name) ? kinds[name]?.(options, value) : undefined;
    if (changed === undefined) throw invalid(text);
    options = changed;
  }
  return options;
}

/** Each kind's part in the options; undefined for a value that it does not have. */
const kinds: Readonly<
  Record<string, (options: SecurityOptions, value: string | undefined) => SecurityOptions | undefined>
> = {
  "no-new-privileges": (options, value = "true") =>
    value === "true" || value === "false" ? { ...options, noNewPrivileges: value === "true" } : undefined,
  seccomp: ({ seccomp: _seccomp, ...others }, value) => {
    // docker's words for what holds without one.
    if (value === "builtin" || value === "default") return others;
    if (value === undefined) return undefined;
    return { ...others, seccomp: value === "unconfined" ? value : parseSeccompProfile(value) };
  },
  systempaths: (options, value) => (value === "unconfined" ? { ...options, unmasked: true } : undefined),
  apparmor: (options, value) => withLabel(options, "AppArmor", value && `apparmor=${value}`),
  label: (options, value) => withLabel(options, "SELinux", value && `label=${value}`),
};

/** What tsd does anyway is no option. */
function withLabel(
  options: SecurityOptions,
  module: LabelOption["module"],
  text: string | undefined,
): SecurityOptions | undefined {
  if (text === undefined) return undefined;
  if (text === "apparmor=unconfined" || text === "label=disable") return options;
  return { ...options, labels: [...options.labels, { text, module }] };
}

function invalid(text: string): TsdError {
  const value = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_SECURITY_OPTION",
    message: `--security-opt "${value}" is not an option that tsd knows`,
    hint: "Write no-new-privileges, seccomp=FILE, seccomp=unconfined, systempaths=unconfined, apparmor=unconfined or label=disable.",
    details: { value },
  });
}
