import type { ExposedPorts } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { parsePort } from "./port-spec.js";

/** `PORT[-END][/PROTOCOL]`. Throws `invalid-input`. */
export function parseExposed(text: string): ExposedPorts {
  if (text.includes(":")) throw invalid(text);
  const { protocol, containerPort, count } = parsePort(text);
  return { protocol, port: containerPort, count };
}

function invalid(text: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_EXPOSE_INVALID",
    message: `cannot expose "${text}": it names a port of the host`,
    hint: "Write the container's port alone, as in 80 or 53/udp; --publish leads a port of the host to it.",
    details: { expose: text },
  });
}
