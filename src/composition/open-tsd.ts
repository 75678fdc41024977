import type { Tsd, TsdOptions } from "../api/index.js";
import { finishLeftWork } from "../engine/lifecycle/left-work.js";
import { composeTsd } from "./compose-tsd.js";

/** Opens tsd, and finishes first what dead processes left undone. */
export async function openTsd(options: TsdOptions = {}): Promise<Tsd> {
  const { tsd, store, unfinished } = await composeTsd(options);
  try {
    const failure = await finishLeftWork(store, options.leftWork ?? "finish", unfinished);
    return failure === undefined ? tsd : { ...tsd, unfinished: failure };
  } catch (error) {
    tsd.close();
    throw error;
  }
}
