import { TsdError } from "../../errors/tsd-error.js";

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const ID = /^[0-9a-f]{64}$/;
const NAME_MAX = 255;

/**
 * The canonical form of an image name, `[HOST[:PORT]/]PATH:TAG`, with the grammar of the OCI distribution
 * specification: tag `latest` where none is given, and docker.io's own prefixes left away, so that `busybox`,
 * `docker.io/library/busybox:latest` and `busybox:latest` are one name. Throws `invalid-input`.
 */
export function normaliseImageName(name: string): string {
  if (name.includes("@")) throw invalid(name, "a digest (@sha256:…) cannot be a name here", "Leave the digest away.");
  const slash = name.lastIndexOf("/");
  const colon = name.indexOf(":", slash + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? "latest" : name.slice(colon + 1);
  const components = path.split("/");
  const host = isHost(components) ? components.shift() : undefined;

  if (path === "") throw invalid(name, "it is empty", "Give a name such as busybox:latest.");
  if (/[A-Z]/.test(path)) throw invalid(name, "it has capital letters", `Write ${path.toLowerCase()}.`);
  if (path.length > NAME_MAX) throw invalid(`${name.slice(0, 40)}…`, `it has more than ${NAME_MAX} characters`);
  if (host !== undefined && !HOST.test(host)) throw invalid(name, `${host} is no registry host`);
  const wrong = components.find((component) => !COMPONENT.test(component));
  if (wrong !== undefined || components.length === 0)
    throw invalid(name, `"${wrong ?? ""}" is not made of a-z, 0-9 and single separators (. _ -)`);
  if (!TAG.test(tag)) throw invalid(name, `the tag "${tag}" is not 1 to 128 of A-Z a-z 0-9 _ . -`);
  if (ID.test(path)) throw invalid(name, "64 hexadecimal digits are an image id");

  const kept = host === "docker.io" || host === "index.docker.io" ? withoutLibrary(components) : [host, ...components];
  return `${kept.filter((part) => part !== undefined).join("/")}:${tag}`;
}

/** As docker reads it: the first of several components is a host if a path could not look so. */
function isHost(components: readonly string[]): boolean {
  const first = components[0] ?? "";
  return (
    components.length > 1 &&
    ((first.includes(".") && !first.startsWith(".")) || first.includes(":") || first === "localhost")
  );
}

function withoutLibrary(components: readonly string[]): readonly string[] {
  return components.length === 2 && components[0] === "library" ? components.slice(1) : components;
}

function invalid(name: string, why: string, hint?: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_NAME_INVALID",
    message: `"${name}" is not an image name: ${why}`,
    hint: hint ?? "Use [HOST[:PORT]/]NAME[:TAG], such as busybox or registry.example:5000/team/app:1.2.",
    details: { name },
  });
}
