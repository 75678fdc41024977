import type { MountSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { absolutePath } from "../absolute-path.js";
import { parseBoolean } from "../argument-order.js";
import { parseMemory } from "../flag-values.js";
import type { Surroundings } from "../surroundings.js";

/** A {@link MountSpec} while its keys are read. */
type Draft = { -readonly [K in keyof MountSpec]?: MountSpec[K] };

type Read = (draft: Draft, value: string) => void;

const isTrue = (key: string, value: string): boolean => parseBoolean(`--mount ${key}`, value === "" ? "true" : value);

/** What `bind-recursive` may be; tsd makes a read-only bind read-only throughout where the kernel can. */
const recursive: Readonly<Record<string, boolean>> = {
  enabled: false,
  disabled: true,
  writable: false,
  readonly: false,
};

/** docker's keys (docs.docker.com, "docker service create", "Add bind mounts, volumes or memory filesystems"). */
const keys: Readonly<Record<string, Read>> = {
  type: (draft, value) => {
    draft.type = value as MountSpec["type"];
  },
  ...all(["source", "src"], (draft, value) => {
    draft.source = value;
  }),
  ...all(["target", "destination", "dst"], (draft, value) => {
    draft.target = value;
  }),
  ...all(["readonly", "ro"], (draft, value) => {
    draft.readOnly = isTrue("readonly", value);
  }),
  // Files of docker's virtual machines are kept in step; here they are the same.
  consistency: () => undefined,
  "bind-propagation": (draft, value) => {
    draft.propagation = value;
  },
  "bind-nonrecursive": (draft, value) => {
    draft.nonRecursive = isTrue("bind-nonrecursive", value);
  },
  "bind-recursive": (draft, value) => {
    if (recursive[value] === undefined)
      throw invalid(`bind-recursive=${value}`, "it is enabled, disabled, writable or readonly");
    draft.nonRecursive = recursive[value];
  },
  "bind-create-src": (draft, value) => {
    draft.createSource = isTrue("bind-create-src", value);
  },
  "volume-nocopy": (draft, value) => {
    draft.noCopy = isTrue("volume-nocopy", value);
  },
  "volume-subpath": (draft, value) => {
    draft.subpath = value;
  },
  "volume-driver": (_, value) => {
    if (value !== "local") throw invalid(`volume-driver=${value}`, "local is the only driver");
  },
  "tmpfs-size": (draft, value) => {
    draft.size = parseMemory(value);
  },
  "tmpfs-mode": (draft, value) => {
    if (!/^[0-7]{1,5}$/.test(value)) throw invalid(`tmpfs-mode=${value}`, "a mode is octal, such as 1777");
    draft.mode = Number.parseInt(value, 8);
  },
  "tmpfs-options": (draft, value) => {
    draft.options = value.split(",");
  },
};

/** Keys of docker's that tsd has another word for. */
const others: Readonly<Record<string, string>> = {
  "volume-label": "labels are given by tsd volume create --label",
  "volume-opt": "options are given by tsd volume create --opt",
  "image-subpath": "tsd mounts no images",
};

/** Reads `--mount KEY=VALUE,…`; quotes hold commas, as in CSV. Throws `invalid-input`. */
export function parseMountFlag(text: string, caller: Pick<Surroundings, "cwd">): MountSpec {
  const draft: Draft = {};
  for (const field of fieldsOf(text)) {
    const [key = "", ...rest] = field.split("=");
    const name = key.trim().toLowerCase();
    const other = others[name];
    if (other !== undefined) throw invalid(text, other);
    const read = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (read === undefined) throw invalid(text, `there is no key "${key}"`);
    if (rest.length === 0 && !bare.has(name)) throw invalid(text, `"${key}" has no value`);
    read(draft, rest.join("="));
  }
  const { type = "volume", target, source, ...fields } = draft;
  if (target === undefined || target === "") throw invalid(text, "it has no target");
  return { ...fields, type, target, ...sourceOf(type, source, caller) };
}

/** A path is relative to the caller. */
function sourceOf(
  type: string,
  source: string | undefined,
  caller: Pick<Surroundings, "cwd">,
): Pick<MountSpec, "source"> {
  if (source === undefined || source === "") return {};
  return { source: type === "bind" ? absolutePath(source, caller) : source };
}

const bare = new Set(["readonly", "ro", "bind-nonrecursive", "bind-create-src", "volume-nocopy"]);

function all(names: readonly string[], read: Read): Readonly<Record<string, Read>> {
  return Object.fromEntries(names.map((name) => [name, read]));
}

function fieldsOf(text: string): readonly string[] {
  const fields = text.match(/("([^"]|"")*"|[^,])+/g) ?? [];
  return fields.map((field) => field.replace(/^"(.*)"$/s, (_, inside: string) => inside.replaceAll('""', '"')));
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_MOUNT_FLAG",
    message: `--mount "${text}" cannot be read: ${why}`,
    hint: "Write for example --mount type=volume,source=data,target=/data,readonly.",
    details: { value: text },
  });
}
