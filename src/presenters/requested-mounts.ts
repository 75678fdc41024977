import type { ContainerSpec } from "../api/index.js";

/** Something that a container sees in its file system beside its root. */
export interface RequestedMount {
  readonly type: "bind" | "volume" | "tmpfs";
  /** Name of the volume; empty for one without. */
  readonly name?: string;
  /** Path of the host. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation?: string;
}

/** The mounts that a user asked for, as far as the words say it. */
export function requestedMounts({ volumes = [], mounts = [] }: ContainerSpec): readonly RequestedMount[] {
  return [
    ...volumes.map(fromVolume),
    ...mounts.map(({ type, source = "", target, readOnly = false, propagation = "rprivate" }): RequestedMount => {
      const common = { type, target, readOnly };
      if (type === "tmpfs") return common;
      return type === "bind" ? { ...common, source, propagation } : { ...common, name: source, source: "" };
    }),
  ];
}

/** `SOURCE:TARGET[:OPTIONS]`, or `TARGET` alone. */
function fromVolume(text: string): RequestedMount {
  const [first = "", target, words = ""] = text.split(":");
  const options = words.split(",");
  const readOnly = options.includes("ro");
  if (target === undefined) return { type: "volume", name: "", source: "", target: first, readOnly };
  if (!first.startsWith("/")) return { type: "volume", name: first, source: "", target, readOnly };
  const propagation = options.find((word) => /^r?(?:private|shared|slave)$/.test(word)) ?? "rprivate";
  return { type: "bind", source: first, target, readOnly, propagation };
}
