import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { soak } from "../support/soak/soak.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** TSD_SOAK_SECONDS makes it long, TSD_SOAK_SEED repeats it, TSD_SOAK_FIGURES names a file for its figures. */
const { TSD_SOAK_SECONDS: seconds, TSD_SOAK_SEED: given, TSD_SOAK_FIGURES: figures } = process.env;
const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
const duration = Number(seconds ?? 0) * 1000;

test(
  `32 processes at random, with seed ${seed}, keep model, store and kernel in agreement, and leave nothing`,
  async () => {
    const deadline = Date.now() + duration;
    const tally = await soak(lab().host, {
      seed,
      processes: 32,
      commands: 4,
      goesOn: ({ rounds }) => rounds < 2 || Date.now() < deadline,
    });
    const left = await lab().residue();
    if (figures !== undefined) writeFileSync(figures, JSON.stringify({ seed, ...tally, residue: left.length }));
    expect(tally.failed).toEqual([]);
    expect(left).toEqual([]);
  },
  duration + 180_000,
);
