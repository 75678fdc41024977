import { splitImageName } from "../../contracts/image-name.js";
import { TsdError } from "../../errors/tsd-error.js";
import { normaliseImageName } from "./image-name.js";

/** A name of an image, as a registry is asked for it. */
export interface ImageReference {
  /** `docker.io`, `registry.example:5000`. */
  readonly host: string;
  /** `library/busybox`. */
  readonly repository: string;
  /** What names the manifest: a tag, or `sha256:…`, which goes before a tag. */
  readonly selector: string;
  /** In the familiar form, with tag; absent for a digest without a tag, which names nothing. */
  readonly name?: string;
  /** The familiar form without tag: `busybox`. */
  readonly familiar: string;
  /** In full: `docker.io/library/busybox:latest`. */
  readonly full: string;
}

/** Reads `[HOST[:PORT]/]NAME[:TAG][@sha256:DIGEST]`. Throws `invalid-input`. */
export function parseImageReference(text: string): ImageReference {
  const [before = "", digest, ...more] = text.split("@");
  if (digest !== undefined && (more.length > 0 || !/^sha256:[0-9a-f]{64}$/.test(digest))) throw noDigest(text);
  const name = normaliseImageName(before);
  const { host = "docker.io", components, tag } = splitImageName(name);
  const repository =
    host === "docker.io" && components.length === 1 ? `library/${components[0]}` : components.join("/");
  const isTagged = before.includes(":", before.lastIndexOf("/") + 1);
  const selector = digest ?? tag;
  return {
    host,
    repository,
    selector,
    ...(digest === undefined || isTagged ? { name } : {}),
    familiar: name.slice(0, name.lastIndexOf(":")),
    full: `${host}/${repository}${digest === undefined ? ":" : "@"}${selector}`,
  };
}

function noDigest(name: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_NAME_INVALID",
    message: `"${name}" is not an image name: what follows the @ is not a digest`,
    hint: "Write NAME@sha256: and 64 hexadecimal digits.",
    details: { name },
  });
}
