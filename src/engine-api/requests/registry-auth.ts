import type { RegistryCredentials } from "../../api/index.js";
import { parseDocument } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { textOf } from "./fields.js";

/**
 * The header `X-Registry-Auth`: JSON in base64. `none` as well for one that cannot be read. Throws `unsupported`
 * for a token, which tsd does not log in with.
 */
export function registryAuth(header: string | undefined): RegistryCredentials | "none" {
  if (header === undefined) return "none";
  const text = Buffer.from(header, "base64").toString("utf8");
  try {
    const field = parseDocument(text, "X-Registry-Auth", (fault) => new Error(fault));
    const [user, password] = [textOf(field, "username"), textOf(field, "password")];
    if (user !== undefined && password !== undefined) return { user, password };
    if (textOf(field, "identitytoken") === undefined && textOf(field, "registrytoken") === undefined) return "none";
  } catch {
    return "none";
  }
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_ENGINE_REGISTRY_TOKEN",
    message: "X-Registry-Auth has a token, and tsd logs in to registries with a user and a password alone",
    hint: "Log in with an access token as password: docker login --username USER.",
  });
}
