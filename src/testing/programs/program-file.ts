import { existsSync } from "node:fs";

/** Programs that the kit starts; each stands alone. */
export type KitProgram = "traffic-agent" | "verify-process" | "doomed-process";

/** Path of such a program: beside this file in dist/, and in the sources. */
export function programFile(name: KitProgram): string {
  const built = `${import.meta.dirname}/${name}.js`;
  return existsSync(built) ? built : `${import.meta.dirname}/${name}.ts`;
}
