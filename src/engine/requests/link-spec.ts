import type { LinkRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** `CONTAINER[:ALIAS]`. Throws `invalid-input` for what is not of that form. */
export function parseLink(text: string): LinkRequest {
  const [, ref = "", alias = ref] = /^([^:]+)(?::([A-Za-z0-9][A-Za-z0-9_.-]*))?$/.exec(text) ?? [];
  if (ref !== "") return { ref, alias };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_LINK_INVALID",
    message: `--link "${text}" is not the name of a container and an alias`,
    hint: "Write CONTAINER:ALIAS.",
    details: { link: text },
  });
}
