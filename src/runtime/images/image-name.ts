import { familiarImageName, splitImageName } from "../../contracts/image-name.js";
import { TsdError } from "../../errors/tsd-error.js";

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const TAG_MAX = 128;
const ID = /^[0-9a-f]{64}$/;
const NAME_MAX = 255;

/**
 * The name in docker's familiar form, {@link familiarImageName}, checked by the grammar of the OCI distribution
 * specification. Throws `invalid-input`.
 */
export function normaliseImageName(name: string): string {
  if (name.includes("@")) throw invalid(name, "a digest (@sha256:…) cannot be a name here", "Leave the digest away.");
  const { host, components, tag } = splitImageName(name);
  const path = components.join("/");

  if (path === "") throw invalid(name, "it is empty", "Give a name such as busybox:latest.");
  if (/[A-Z]/.test(path)) throw invalid(name, "it has capital letters", `Write ${path.toLowerCase()}.`);
  if ((host ?? "").length + path.length > NAME_MAX)
    throw invalid(`${name.slice(0, 40)}…`, `it has more than ${NAME_MAX} characters`);
  if (host !== undefined && !HOST.test(host)) throw invalid(name, `${host} is no registry host`);
  const wrong = components.find((component) => !COMPONENT.test(component));
  if (wrong !== undefined) throw invalid(name, `"${wrong}" is not made of a-z, 0-9 and single separators (. _ -)`);
  if (!TAG.test(tag)) throw invalid(name, `the tag "${tag}" is not 1 to ${TAG_MAX} of A-Z a-z 0-9 _ . -`);
  if (host === undefined && ID.test(path)) throw invalid(name, "64 hexadecimal digits are an image id");
  return familiarImageName(name);
}

/**
 * A name as archives write it, which can have a digest behind it, or in place of a tag: then it is no name to keep, and the
 * answer is undefined. Throws as {@link normaliseImageName}.
 */
export function nameInArchive(text: string): string | undefined {
  const [name = "", digest] = text.split("@", 2);
  const isTagged = name.includes(":", name.lastIndexOf("/") + 1);
  return digest !== undefined && !isTagged ? undefined : normaliseImageName(name);
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
