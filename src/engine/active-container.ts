import type { Container } from "../api/index.js";

/** True while a container holds what a run needs. */
export function isActive({ status }: Container): boolean {
  return status !== "created" && status !== "exited";
}
